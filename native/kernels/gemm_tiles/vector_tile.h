// A tile of C in registers, written once for every instruction set whose compiler keeps its accumulators in registers.
//
// Lanes supplies: Vector, Scalar (of C), WIDTH, STEP (bytes of a row of A in one step), zero(), load(bytes),
// spread(bytes) of one step of A, fma(a, b, sum), and store(vector, Scalar*).
#pragma once

#include <type_traits>

#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

template <class Lanes, int rows>
void multiply_rows(const TileCall& call) {
  using Vector = typename Lanes::Vector;
  using Scalar = typename Lanes::Scalar;
  constexpr int WIDTH = Lanes::WIDTH;
  Vector sum[rows][2];
  for (auto& pair : sum) {
    pair[0] = Lanes::zero();
    pair[1] = Lanes::zero();
  }
  const std::byte* a = call.a;
  const std::byte* b = call.b;
  for (std::int64_t step = 0; step < call.steps; ++step) {
    const Vector low = Lanes::load(b);
    const Vector high = Lanes::load(b + WIDTH * Lanes::STEP);
#pragma GCC unroll 14
    for (int i = 0; i < rows; ++i) {
      const Vector repeated = Lanes::spread(a + i * ROW_STRIDE);
      sum[i][0] = Lanes::fma(repeated, low, sum[i][0]);
      sum[i][1] = Lanes::fma(repeated, high, sum[i][1]);
    }
    a += Lanes::STEP;
    b += 2 * WIDTH * Lanes::STEP;
  }
  for (int i = 0; i < rows; ++i) {
    Scalar line[2 * WIDTH];
    Lanes::store(sum[i][0], line);
    Lanes::store(sum[i][1], line + WIDTH);
    Scalar* const c = reinterpret_cast<Scalar*>(call.c + i * call.c_row_bytes);
    const auto alpha = static_cast<Scalar>(call.alpha);
    for (std::int64_t j = 0; j < call.columns; ++j) {
      const Scalar product = alpha * line[j];
      c[j] = call.accumulate ? c[j] + product : product;
    }
  }
}

template <class Lanes, int most>
void multiply_tile(const TileCall& call) {
  if constexpr (most > 1) {
    if (call.rows < most) {
      return multiply_tile<Lanes, most - 1>(call);
    }
  }
  multiply_rows<Lanes, most>(call);
}

// A and B of elements that are their own steps, or become so by Convert: element bytes in, one step out.
template <class Lanes, class Convert>
struct Packing {
  static constexpr std::int64_t COLUMNS = 2 * Lanes::WIDTH;

  static void a(const PackCall& call) {
    const std::int64_t steps = round_up((call.k + Convert::DEPTH - 1) / Convert::DEPTH, UNROLLED);
    for (std::int64_t row = 0; row < call.outer; ++row) {
      for (std::int64_t step = 0; step < steps; ++step) {
        put(call, row, step, call.out + row * ROW_STRIDE + step * Lanes::STEP);
      }
    }
  }

  static void b(const PackCall& call) {
    const std::int64_t steps = round_up((call.k + Convert::DEPTH - 1) / Convert::DEPTH, UNROLLED);
    for (std::int64_t step = 0; step < steps; ++step) {
      for (std::int64_t column = 0; column < COLUMNS; ++column) {
        put(call, column, step, call.out + (step * COLUMNS + column) * Lanes::STEP);
      }
    }
  }

 private:
  static void put(const PackCall& call, std::int64_t outer, std::int64_t step, std::byte* to) {
    const std::int64_t k = step * Convert::DEPTH;
    const std::int64_t present = outer < call.outer ? call.k - k : 0;
    const std::byte* const from = call.data + outer * call.outer_bytes + k * call.inner_bytes;
    Convert::put(from, call.inner_bytes, present, to);
  }
};

}  // namespace
}  // namespace assay::gemm_tiles
