// Lanes of 4 elements in plain C++ for vector_tile.h; compilers turn them into whatever vectors the baseline has.
#pragma once

#include <array>
#include <bit>

#include "convert.h"
#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

template <class Real>
struct PlainLanes {
  static constexpr int WIDTH = 4;
  using Vector = std::array<Real, WIDTH>;
  using Scalar = Real;
  static constexpr std::int64_t STEP = sizeof(Real);
  static Vector zero() { return {}; }
  static Vector load(const std::byte* from) { return read<Vector>(from); }
  static Vector spread(const std::byte* from) {
    Vector vector;
    vector.fill(read<Real>(from));
    return vector;
  }
  static Vector fma(const Vector& a, const Vector& b, Vector sum) {
    for (std::size_t i = 0; i < WIDTH; ++i) {
      sum[i] += a[i] * b[i];
    }
    return sum;
  }
  static void store(const Vector& vector, Real* to) { std::memcpy(to, vector.data(), sizeof vector); }
};

struct PlainPairs {
  static constexpr int WIDTH = 4;
  using Vector = std::array<std::int32_t, WIDTH>;  // two int16 each, or their sums
  using Scalar = std::int32_t;
  static constexpr std::int64_t STEP = 4;
  static Vector zero() { return {}; }
  static Vector load(const std::byte* from) { return read<Vector>(from); }
  static Vector spread(const std::byte* from) {
    Vector vector;
    vector.fill(read<std::int32_t>(from));
    return vector;
  }
  static Vector fma(const Vector& a, const Vector& b, Vector sum) {
    using Halves = std::array<std::int16_t, 2 * WIDTH>;
    const auto x = std::bit_cast<Halves>(a);
    const auto y = std::bit_cast<Halves>(b);
    for (std::size_t i = 0; i < WIDTH; ++i) {
      sum[i] += std::int32_t{x[2 * i]} * y[2 * i] + std::int32_t{x[2 * i + 1]} * y[2 * i + 1];
    }
    return sum;
  }
  static void store(const Vector& vector, std::int32_t* to) { std::memcpy(to, vector.data(), sizeof vector); }
};

}  // namespace
}  // namespace assay::gemm_tiles
