// Activations as tiles read them. Plain loops, compiled once for every instruction set.
#pragma once

#include <cstring>

#include "shared.h"

namespace assay::gemm_i4 {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

constexpr float MOST_INT8 = 127.0F;
constexpr std::int32_t MAGNITUDE = 0x7fffffff;  // of a float's bits
constexpr std::int32_t INFINITE = 0x7f800000;

// The bits of the largest magnitude; those of NaN are larger than those of infinity.
inline std::int32_t largest_magnitude(const float* row, std::int64_t count) {
  std::int32_t largest = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int32_t bits = __builtin_bit_cast(std::int32_t, row[k]) & MAGNITUDE;
    largest = bits > largest ? bits : largest;
  }
  return largest;
}

inline float round_row(const float* row, std::int64_t count, std::int8_t* out) {
  const std::int32_t bits = largest_magnitude(row, count);
  if (bits >= INFINITE) {  // so is every product
    std::memset(out, 0, static_cast<std::size_t>(count));
    return __builtin_nanf("");
  }
  const float largest = __builtin_bit_cast(float, bits);
  // Factors of tiny numbers would be infinite; powers of two change nothing else.
  const float up = largest < 0x1p-100F ? 0x1p100F : 1.0F;
  const float factor = largest == 0.0F ? 0.0F : MOST_INT8 / (largest * up);
  for (std::int64_t k = 0; k < count; ++k) {
    constexpr float TO_LOW_BITS = 0x1.8p23F;  // a sum with this has the nearest integer in its low bits
    const float sum = row[k] * up * factor + TO_LOW_BITS;
    out[k] = static_cast<std::int8_t>(__builtin_bit_cast(std::uint32_t, sum) & 0xffU);
  }
  return largest / MOST_INT8;
}

// One row as int8, with zeros up to whole groups; returns its scale.
inline float take_row(const Int4Call& call, std::int64_t row, std::int8_t* out) {
  const Int4Shape& shape = call.shape;
  if (shape.k > 0) {  // else there may be no room at all
    std::memset(out + shape.k, 0, static_cast<std::size_t>(shape.groups() * shape.group - shape.k));
  }
  if (call.a_is_fp32) {
    return round_row(static_cast<const float*>(call.a) + row * call.a_row, shape.k, out);
  }
  if (shape.k > 0) {
    const auto* const from = static_cast<const std::int8_t*>(call.a) + row * call.a_row;
    std::memcpy(out, from, static_cast<std::size_t>(shape.k));
  }
  return call.a_scales == nullptr ? 1.0F : call.a_scales[row];
}

// The word that a group's sums begin from: minus 8 times the activations' sum, or what zero points are multiplied by.
inline std::int32_t first_word(const Int4Shape& shape, const std::int8_t* group) {
  std::int32_t sum = 0;
  for (std::int64_t k = 0; k < shape.group; ++k) {
    sum += group[k];
  }
  return shape.zero_points ? static_cast<std::int32_t>(static_cast<std::uint16_t>(-sum)) : -INT4_ZERO * sum;
}

inline float lay_row(const Int4Call& call, const RowPlace& place) {
  const Int4Shape& shape = call.shape;
  const float scale = take_row(call, place.row, place.scratch);
  const std::int8_t* row = place.scratch;
  std::int32_t* to = place.to;
  for (std::int64_t group = 0; group < shape.groups(); ++group, row += shape.group) {
    *to = first_word(shape, row);
    to += place.rows;
    for (std::int64_t k = 0; k < shape.group; k += 4, to += place.rows) {
      std::memcpy(to, row + k, 4);
    }
  }
  return scale;
}

}  // namespace
}  // namespace assay::gemm_i4
