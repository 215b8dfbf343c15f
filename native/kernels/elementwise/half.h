// The two 16-bit floating types as bits, and their way to fp32 and back (rounded to nearest, ties to even).
#pragma once

#include <bit>
#include <cstdint>

namespace assay::elementwise {

struct Float16 {
  std::uint16_t bits;
};
struct BFloat16 {
  std::uint16_t bits;
};

inline float widened(BFloat16 value) { return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16); }

inline float widened(Float16 value) {
  const std::uint32_t sign = static_cast<std::uint32_t>(value.bits & 0x8000U) << 16;
  const std::uint32_t rest = static_cast<std::uint32_t>(value.bits & 0x7fffU) << 13;
  // Exponents of fp16 are scaled to fp32's by a product, which also makes numbers of its subnormals.
  const float finite = std::bit_cast<float>(rest) * 0x1p112F;
  const bool special = (value.bits & 0x7c00U) == 0x7c00U;
  const std::uint32_t bits = special ? rest | 0x7f800000U : std::bit_cast<std::uint32_t>(finite);
  return std::bit_cast<float>(bits | sign);
}

inline BFloat16 bfloat16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (value != value) {
    return {static_cast<std::uint16_t>(bits >> 16 | 0x40U)};
  }
  return {static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16)};
}

inline Float16 float16_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = bits >> 16 & 0x8000U;
  const std::uint32_t size = bits & 0x7fffffffU;
  if (size > 0x7f800000U) {
    return {static_cast<std::uint16_t>(sign | 0x7e00U)};
  }
  if (size >= 0x477ff000U) {  // rounds to 2^16 or more
    return {static_cast<std::uint16_t>(sign | 0x7c00U)};
  }
  if (size < 0x38800000U) {  // subnormal: the sum puts the digits where they belong, rounded
    const float shifted = std::bit_cast<float>(size) + 0.5F;
    return {static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U))};
  }
  const std::uint32_t rounded = size + 0xfffU + (size >> 13 & 1U);
  return {static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13))};
}

}  // namespace assay::elementwise
