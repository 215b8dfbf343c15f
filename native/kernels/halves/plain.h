// Plain loops, compiled once for each instruction set.
#pragma once

#include <cstring>

#include "assay/kernels/decoder/halves.h"

namespace assay::halves {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

inline float bf16_as_float(std::uint32_t bits) { return __builtin_bit_cast(float, bits << 16); }

inline float f16_as_float(std::uint32_t bits) {
  const std::uint32_t rest = (bits & 0x7fffU) << 13;
  const float finite = __builtin_bit_cast(float, rest) * 0x1p112F;
  const bool special = (bits & 0x7c00U) == 0x7c00U;
  const std::uint32_t size = special ? rest | 0x7f800000U : __builtin_bit_cast(std::uint32_t, finite);
  return __builtin_bit_cast(float, size | (bits & 0x8000U) << 16);
}

inline std::uint16_t bf16_of(float value) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) {
    return static_cast<std::uint16_t>(bits >> 16 | 0x40U);  // NaN
  }
  return static_cast<std::uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16);
}

inline void round_rows_to_bf16(const RoundHalvesCall& call) {
  for (std::int64_t row = 0; row < call.count; ++row) {
    for (std::int64_t k = 0; k < call.inputs; ++k) {
      call.out[row * call.inputs + k] = bf16_of(call.rows[row * call.row + k]);
    }
  }
}

// Weights of one k of a panel, widened.
inline void widen_step(WeightKind kind, const std::byte* panel, std::int64_t k, float* to) {
  std::uint16_t bits[HALF_OUTPUTS];
  if (kind == WeightKind::f16) {
    std::memcpy(bits, panel + k * HALF_OUTPUTS * 2, sizeof bits);
    for (std::int64_t j = 0; j < HALF_OUTPUTS; ++j) {
      to[j] = f16_as_float(bits[j]);
    }
    return;
  }
  std::uint32_t pairs[HALF_OUTPUTS];
  std::memcpy(pairs, panel + k / 2 * HALF_OUTPUTS * 4, sizeof pairs);
  for (std::int64_t j = 0; j < HALF_OUTPUTS; ++j) {
    to[j] = bf16_as_float(k % 2 == 0 ? pairs[j] & 0xffffU : pairs[j] >> 16);
  }
}

inline float activation_of(const HalfCall& call, std::int64_t row, std::int64_t k) {
  return call.rounded == nullptr ? call.in[row * call.in_row + k]
                                 : bf16_as_float(call.rounded[row * call.shape.inputs + k]);
}

inline void put_row(const HalfCall& call, std::int64_t row, std::int64_t panel, const float* totals) {
  const std::int64_t first = panel * HALF_OUTPUTS;
  const std::int64_t left = call.shape.outputs - first;
  float* const out = call.out + row * call.out_row + first;
  for (std::int64_t j = 0; j < (left < HALF_OUTPUTS ? left : HALF_OUTPUTS); ++j) {
    const float value = call.bias == nullptr ? totals[j] : totals[j] + call.bias[first + j];
    out[j] = call.add ? out[j] + value : value;
  }
}

// `Sum` is what products are added up in.
template <class Sum>
void multiply_plain(const HalfCall& call) {
  for (std::int64_t panel = 0; panel < call.shape.panels(); ++panel) {
    const std::byte* const packed = call.packed + panel * call.shape.panel_bytes();
    for (std::int64_t row = 0; row < call.rows; ++row) {
      Sum sums[HALF_OUTPUTS] = {};
      for (std::int64_t k = 0; k < call.shape.inputs; ++k) {
        float weights[HALF_OUTPUTS];
        widen_step(call.shape.kind, packed, k, weights);
        const auto activation = static_cast<Sum>(activation_of(call, row, k));
        for (std::int64_t j = 0; j < HALF_OUTPUTS; ++j) {
          sums[j] += activation * static_cast<Sum>(weights[j]);
        }
      }
      float totals[HALF_OUTPUTS];
      for (std::int64_t j = 0; j < HALF_OUTPUTS; ++j) {
        totals[j] = static_cast<float>(sums[j]);
      }
      put_row(call, row, panel, totals);
    }
  }
}

}  // namespace
}  // namespace assay::halves
