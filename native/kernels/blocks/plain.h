// Plain loops, compiled once for each instruction set.
#pragma once

#include <cstring>

#include "assay/kernels/decoder/blocks.h"

namespace assay::blocks {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

constexpr float MOST_INT8 = 127.0F;

// One group of a row: 32 int8, their scale, and less their sum. NaN and infinity make NaN of the scale.
inline void round_group(const float* from, std::int8_t* to, float& scale, std::int32_t& less_sum) {
  float most = 0.0F;
  bool finite = true;
  for (int k = 0; k < BLOCK_GROUP; ++k) {
    const float size = from[k] < 0.0F ? -from[k] : from[k];
    most = size > most ? size : most;
    finite = finite && size < __builtin_inff();
  }
  scale = finite ? most / MOST_INT8 : __builtin_nanf("");
  // Factors of tiny numbers would be infinite; what is so small counts for nothing.
  const float factor = finite && most > 0x1p-100F ? MOST_INT8 / most : 0.0F;
  std::int32_t sum = 0;
  for (int k = 0; k < BLOCK_GROUP; ++k) {
    constexpr float TO_LOW_BITS = 0x1.8p23F;  // a sum with this has the nearest integer in its low bits
    const float shifted = (finite ? from[k] : 0.0F) * factor + TO_LOW_BITS;
    to[k] = static_cast<std::int8_t>(__builtin_bit_cast(std::uint32_t, shifted) & 0xffU);
    sum += to[k];
  }
  less_sum = -sum;
}

template <auto round>
void round_tiles(const RoundCall& call) {
  const std::int64_t groups = call.inputs / BLOCK_GROUP;
  const std::int64_t words = rounded_row_words(call.inputs);
  for (std::int64_t tile = call.first_tile; tile < call.first_tile + call.tiles; ++tile) {
    const std::int64_t first = block_tile_start(call.count, tile);
    const std::int64_t rows = block_tile_start(call.count, tile + 1) - first;
    for (std::int64_t i = 0; i < rows; ++i) {
      const float* const from = call.rows + (first + i) * call.row;
      std::int32_t* to = call.out + first * words + i;
      for (std::int64_t group = 0; group < groups; ++group, to += rows * (2 + BLOCK_GROUP / 4)) {
        std::int8_t values[BLOCK_GROUP];
        float scale;
        round(from + group * BLOCK_GROUP, values, scale, to[0]);
        to[rows] = __builtin_bit_cast(std::int32_t, scale);
        for (int k = 0; k < BLOCK_GROUP / 4; ++k) {
          std::memcpy(to + (2 + k) * rows, values + 4 * k, 4);
        }
      }
    }
  }
}

inline float half_as_float(const std::byte* from) {
  std::uint16_t bits;
  std::memcpy(&bits, from, sizeof bits);
  const std::uint32_t rest = (bits & 0x7fffU) << 13;
  const float finite = __builtin_bit_cast(float, rest) * 0x1p112F;
  const bool special = (bits & 0x7c00U) == 0x7c00U;
  const std::uint32_t size = special ? rest | 0x7f800000U : __builtin_bit_cast(std::uint32_t, finite);
  return __builtin_bit_cast(float, size | (bits & 0x8000U) << 16);
}

inline int weight_of(WeightKind kind, const std::byte* lines, std::int64_t output, std::int64_t k) {
  const std::byte* const at = lines + output / 16 * 64 + output % 16 * 4;
  if (kind == WeightKind::q8_0) {
    return static_cast<int>(at[k / 4 * 128 + k % 4]) - 128;
  }
  const int pair = static_cast<int>(at[k / 8 * 128 + k % 4]);
  return (k % 8 < 4 ? pair & 15 : pair >> 4) - 8;
}

// One row by a panel.
inline void multiply_row(const BlockCall& call, const std::byte* panel, const std::int32_t* a, std::int64_t rows,
                         float* totals) {
  std::int32_t weights[BLOCK_GROUP][BLOCK_OUTPUTS];
  for (std::int64_t group = 0; group < call.shape.groups(); ++group) {
    const std::byte* const at = panel + group * call.shape.group_bytes();
    for (std::int64_t k = 0; k < BLOCK_GROUP; ++k) {
      for (std::int64_t j = 0; j < BLOCK_OUTPUTS; ++j) {
        weights[k][j] = weight_of(call.shape.kind, at + 64, j, k);
      }
    }
    std::int32_t sums[BLOCK_OUTPUTS] = {};
    for (std::int64_t k = 0; k < BLOCK_GROUP; ++k) {
      std::int8_t four[4];
      std::memcpy(four, a + (2 + k / 4) * rows, 4);
      for (std::int64_t j = 0; j < BLOCK_OUTPUTS; ++j) {
        sums[j] += four[k % 4] * weights[k][j];
      }
    }
    const float scale = __builtin_bit_cast(float, a[rows]);
    for (std::int64_t j = 0; j < BLOCK_OUTPUTS; ++j) {
      totals[j] += static_cast<float>(sums[j]) * half_as_float(at + 2 * j) * scale;
    }
    a += rows * (2 + BLOCK_GROUP / 4);
  }
}

// Of one row, what a panel gave.
inline void put_row(const BlockCall& call, std::int64_t row, std::int64_t panel, const float* totals) {
  const std::int64_t first = panel * BLOCK_OUTPUTS;
  const std::int64_t left = call.shape.outputs - first;
  float* const out = call.out + row * call.out_row + first;
  for (std::int64_t j = 0; j < (left < BLOCK_OUTPUTS ? left : BLOCK_OUTPUTS); ++j) {
    const float value = call.bias == nullptr ? totals[j] : totals[j] + call.bias[first + j];
    out[j] = call.add ? out[j] + value : value;
  }
}

inline void multiply_all(const BlockCall& call) {
  const std::int64_t words = rounded_row_words(call.shape.inputs);
  for (std::int64_t panel = call.first_panel; panel < call.first_panel + call.panels; ++panel) {
    const std::byte* const packed = call.packed + panel * call.shape.panel_bytes();
    for (std::int64_t tile = 0; tile < block_tiles(call.rows); ++tile) {
      const std::int64_t first = block_tile_start(call.rows, tile);
      const std::int64_t rows = block_tile_start(call.rows, tile + 1) - first;
      for (std::int64_t i = 0; i < rows; ++i) {
        float totals[BLOCK_OUTPUTS] = {};
        multiply_row(call, packed, call.rounded + first * words + i, rows, totals);
        put_row(call, first + i, panel, totals);
      }
    }
  }
}

}  // namespace
}  // namespace assay::blocks
