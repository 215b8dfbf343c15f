// Four columns at a time in plain C++.

#include <array>
#include <bit>
#include <cstring>

#include "pairs_tile.h"
#include "rows.h"

namespace assay::gemm_i4 {
namespace {

template <class To, class From>
To as(const From* from) {
  To value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

struct Lanes {
  static constexpr std::size_t COLUMNS = 4;
  using Vector = std::array<std::int32_t, COLUMNS>;
  using Bytes = std::array<std::uint8_t, 4 * COLUMNS>;
  using Signed = std::array<std::int8_t, 4 * COLUMNS>;
  using Words = std::array<std::int16_t, 2 * COLUMNS>;

  static Vector zero() { return {}; }
  static Vector load(const std::byte* from) { return as<Vector>(from); }
  static Vector spread(const std::int32_t* word) {
    Vector vector;
    vector.fill(*word);
    return vector;
  }
  static Vector spread_bytes(const std::byte* from) {
    Vector vector;
    for (std::size_t i = 0; i < COLUMNS; ++i) {
      vector[i] = static_cast<std::int32_t>(from[i]);
    }
    return vector;
  }
  static Vector low(Vector both) {
    for (std::int32_t& word : both) {
      word &= 0x0f0f0f0f;
    }
    return both;
  }
  static Vector high(Vector both) {
    for (std::int32_t& word : both) {
      word = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) >> 4U) & 0x0f0f0f0f;
    }
    return both;
  }
  static Vector add_pairs(const Vector& pairs, const Vector& weights, const Vector& activations) {
    auto sums = std::bit_cast<Words>(pairs);
    const auto w = std::bit_cast<Bytes>(weights);
    const auto a = std::bit_cast<Signed>(activations);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = static_cast<std::int16_t>(sums[i] + w[2 * i] * a[2 * i] + w[2 * i + 1] * a[2 * i + 1]);
    }
    return std::bit_cast<Vector>(sums);
  }
  static Vector scale_words(const Vector& a, const Vector& b) {
    const auto x = std::bit_cast<Words>(a);
    const auto y = std::bit_cast<Words>(b);
    Vector sums;
    for (std::size_t i = 0; i < COLUMNS; ++i) {
      sums[i] = std::int32_t{x[2 * i]} * y[2 * i] + std::int32_t{x[2 * i + 1]} * y[2 * i + 1];
    }
    return sums;
  }
  static Vector widen(const Vector& pairs) {
    Words ones;
    ones.fill(1);
    return scale_words(pairs, std::bit_cast<Vector>(ones));
  }
  static Vector add(Vector a, const Vector& b) {
    for (std::size_t i = 0; i < COLUMNS; ++i) {
      a[i] += b[i];
    }
    return a;
  }
  // The product is exact in fp64, so that there is one rounding worth mentioning.
  static void add_scaled(const Vector& sum, const std::byte* scales, float* total) {
    for (std::size_t i = 0; i < COLUMNS; ++i) {
      const double product = static_cast<double>(as<float>(scales + i * sizeof(float))) * sum[i];
      total[i] = static_cast<float>(product + static_cast<double>(total[i]));
    }
  }
};

void multiply_i4(const Int4Call& call) { multiply_tiles(call, {PairsTile<Lanes>::multiply, lay_row}); }

ASSAY_KERNEL(gemm_i4, multiply_i4, portable, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
