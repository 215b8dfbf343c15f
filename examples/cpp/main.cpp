// The software GPU from C++: a loop over the pool, a matrix product, and a profile of both.
#include <assay/core/error.h>
#include <assay/core/isa.h>
#include <assay/kernels/gemm.h>
#include <assay/runtime/parallel.h>
#include <assay/runtime/stream.h>
#include <assay/runtime/stream/counters.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <vector>

namespace {

constexpr std::int64_t SIZE = 512;
constexpr std::int64_t ELEMENTS = SIZE * SIZE;
constexpr std::int64_t GRAIN = 16'384;  // elements that are worth another thread
constexpr int REPETITIONS = 5;

using Matrix = std::vector<float>;

// Values between -1/2 and 1/2 that differ from one matrix to the next.
float value(std::int64_t place, std::int64_t seed) {
  return static_cast<float>((place * 7'919 + seed * 104'729) % 1'009) / 1'009.0F - 0.5F;
}

void fill(assay::Stream& stream, Matrix& matrix, std::int64_t seed) {
  stream.launch("fill", {.bytes_written = ELEMENTS * 4}, [&matrix, seed] {
    assay::parallel_for(ELEMENTS, GRAIN, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t place = begin; place < end; ++place) {
        matrix[static_cast<std::size_t>(place)] = value(place, seed);
      }
    });
  });
}

void multiply(assay::Stream& stream, const Matrix& a, const Matrix& b, Matrix& c) {
  const assay::Work work{.flops = 2 * SIZE * ELEMENTS, .bytes_read = 2 * ELEMENTS * 4, .bytes_written = ELEMENTS * 4};
  const assay::GemmCall call{.type = assay::GemmType::f32,
                             .m = SIZE,
                             .n = SIZE,
                             .k = SIZE,
                             .a = {.data = a.data(), .row = SIZE, .column = 1},
                             .b = {.data = b.data(), .row = SIZE, .column = 1},
                             .c = c.data(),
                             .c_row = SIZE};
  stream.launch("gemm_f32", work, [call] { assay::gemm(call); });
}

// The largest difference from sums in fp64, over the diagonal.
double largest_error(const Matrix& a, const Matrix& b, const Matrix& c) {
  double largest = 0;
  for (std::size_t i = 0; i < SIZE; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < SIZE; ++k) {
      sum += static_cast<double>(a[i * SIZE + k]) * static_cast<double>(b[k * SIZE + i]);
    }
    largest = std::fmax(largest, std::fabs(sum - static_cast<double>(c[i * SIZE + i])));
  }
  return largest;
}

void print(const assay::LaunchColumns& launches) {
  std::printf("%-10s %12s %12s %10s %10s\n", "launch", "start us", "time us", "GFLOP/s", "occupancy");
  for (std::size_t row = 0; row < launches.name.size(); ++row) {
    const auto time_ns = static_cast<double>(launches.end_ns[row] - launches.start_ns[row]);
    std::printf("%-10s %12.1f %12.1f %10.1f", launches.names[static_cast<std::size_t>(launches.name[row])],
                static_cast<double>(launches.start_ns[row] - launches.start_ns[0]) / 1e3, time_ns / 1e3,
                static_cast<double>(launches.flops[row]) / time_ns);
    if (std::isnan(launches.occupancy[row])) {
      std::printf(" %10s\n", "unknown");
    } else {
      std::printf(" %9.0f%%\n", 100 * launches.occupancy[row]);
    }
  }
  std::printf("%zu launches, %lld dropped\n", launches.name.size(), static_cast<long long>(launches.dropped));
}

int run() {
  Matrix a(ELEMENTS);
  Matrix b(ELEMENTS);
  Matrix c(ELEMENTS);
  assay::Stream& stream = assay::Stream::standard();
  std::printf("%lld workers, %s\n", static_cast<long long>(assay::workers()),
              std::string(assay::name(assay::chosen_isa())).c_str());

  assay::start_counters(64);
  fill(stream, a, 1);
  fill(stream, b, 2);
  for (int repetition = 0; repetition < REPETITIONS; ++repetition) {
    multiply(stream, a, b, c);
  }
  assay::stop_counters();
  print(assay::drain_counters());

  // Each of 512 products adds at most 2^-24 times what has been summed so far: at most 512 / 4.
  const double bound = SIZE * std::ldexp(1.0, -24) * SIZE / 4;
  const double error = largest_error(a, b, c);
  std::printf("largest error of the diagonal: %.2g, at most %.2g was expected\n", error, bound);
  return error <= bound ? 0 : 1;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "example: %s\n", error.what());
    return 2;
  }
}
