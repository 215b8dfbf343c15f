#include "assay/kernels/reduce.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <thread>
#include <vector>

namespace assay {
namespace {

template <class Real>
std::string_view kernel_name() {
  return sizeof(Real) == 4 ? "sum_f32" : "sum_f64";
}

// The rungs that this machine can run.
template <class Real>
std::vector<Rung> rungs() {
  std::vector<Rung> found;
  for (const Kernel* kernel : kernels()) {
    if (kernel->name == kernel_name<Real>() && needs(kernel->rung) <= detected_isa()) {
      found.push_back(kernel->rung);
    }
  }
  return found;
}

template <class Real>
std::vector<Real> random_values(std::size_t count) {
  std::mt19937_64 generator(count);
  std::normal_distribution<double> normal(0.0, 1e3);
  std::vector<Real> values(count);
  for (Real& value : values) {
    value = static_cast<Real>(normal(generator));
  }
  return values;
}

// Independent of the lanes: 64 bits of mantissa, left to right.
template <class Real>
long double exact_enough(std::span<const Real> values) {
  long double total = 0;
  for (const Real value : values) {
    total += value;
  }
  return total;
}

template <class Real>
double magnitude(std::span<const Real> values) {
  double total = 0;
  for (const Real value : values) {
    total += std::abs(static_cast<double>(value));
  }
  return total;
}

bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

template <class Real>
void check_all_rungs_against_reference(std::span<const Real> values) {
  const double expected = sum(values, Rung::reference);
  for (const Rung rung : rungs<Real>()) {
    CAPTURE(name(rung));
    CAPTURE(values.size());
    CHECK(same_bits(sum(values, rung), expected));
  }
  CHECK(same_bits(sum(values), expected));
}

TEST_CASE_TEMPLATE("every rung returns the reference's bits at every length, from any start", Real, float, double) {
  const std::vector<Real> values = random_values<Real>(200);
  for (std::size_t count = 0; count <= 140; ++count) {
    check_all_rungs_against_reference(std::span<const Real>(values).subspan(count % 7, count));
  }
}

TEST_CASE_TEMPLATE("the reference stays within its stated error", Real, float, double) {
  for (const std::size_t count : std::initializer_list<std::size_t>{1U, 31U, 32U, 1000U, 100'003U}) {
    const std::vector<Real> values = random_values<Real>(count);
    const double bound = (static_cast<double>(count) / SUM_LANES + 5) * 0x1p-53 * magnitude<Real>(values);
    CHECK(std::abs(static_cast<double>(sum(std::span<const Real>(values), Rung::reference) -
                                       exact_enough<Real>(values))) <= bound);
  }
}

TEST_CASE_TEMPLATE("nothing sums to zero", Real, float, double) {
  CHECK(same_bits(sum(std::span<const Real>()), 0.0));
  check_all_rungs_against_reference(std::span<const Real>());
}

TEST_CASE_TEMPLATE("NaN and infinities reach the result from every place", Real, float, double) {
  constexpr Real INFINITE = std::numeric_limits<Real>::infinity();
  for (const std::size_t place : std::initializer_list<std::size_t>{0U, 31U, 32U, 63U, 70U}) {
    std::vector<Real> values(71, Real{1});
    values[place] = std::numeric_limits<Real>::quiet_NaN();
    CHECK(std::isnan(sum(std::span<const Real>(values))));
    check_all_rungs_against_reference(std::span<const Real>(values));
    values[place] = INFINITE;
    CHECK(sum(std::span<const Real>(values)) == static_cast<double>(INFINITE));
    check_all_rungs_against_reference(std::span<const Real>(values));
    values[(place + 5) % values.size()] = -INFINITE;
    CHECK(std::isnan(sum(std::span<const Real>(values))));
    check_all_rungs_against_reference(std::span<const Real>(values));
  }
}

TEST_CASE("fp32 values are widened before they are added") {
  const std::vector<float> values(64, 16'777'217.0F);  // 2^24 + 1 is not an fp32: it arrives as 2^24
  CHECK(sum(std::span<const float>(values)) == 64.0 * 16'777'216.0);
  const std::vector<float> tiny{1e8F, 1.0F, -1e8F};
  CHECK(sum(std::span<const float>(tiny)) == 1.0);
}

TEST_CASE("threads that meet at the first call agree") {
  const std::vector<double> values = random_values<double>(4096);
  const double expected = sum(std::span<const double>(values), Rung::reference);
  std::vector<double> results(8);
  {
    std::vector<std::jthread> threads;
    for (double& result : results) {
      threads.emplace_back([&] { result = sum(std::span<const double>(values)); });
    }
  }
  for (const double result : results) {
    CHECK(same_bits(result, expected));
  }
}

}  // namespace
}  // namespace assay
