// Tiles of AVX-512: up to twelve rows by a panel.
#pragma once

#include <immintrin.h>

#include "plain.h"

namespace assay::halves {
namespace {

constexpr int MOST_ROWS = 12;
constexpr std::int64_t NEAR_BYTES = 4096;  // what memory delivers while it answers one request

struct Tile {
  const float* in;
  std::int64_t in_row;
  const std::uint16_t* rounded;
  const std::byte* panel;
  std::int64_t inputs;
  float* totals;  // rows x 32
};

inline void fetch(const std::byte* at) { _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0); }

template <int ROWS>
using Sums = __m512[ROWS][2];

template <int ROWS>
[[gnu::always_inline]] inline void clear(Sums<ROWS>& sum) {
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; ++i) {
    sum[i][0] = _mm512_setzero_ps();
    sum[i][1] = _mm512_setzero_ps();
  }
}

template <int ROWS>
[[gnu::always_inline]] inline void keep(const Sums<ROWS>& sum, float* totals) {
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; ++i) {
    _mm512_store_ps(totals + i * HALF_OUTPUTS, sum[i][0]);
    _mm512_store_ps(totals + i * HALF_OUTPUTS + 16, sum[i][1]);
  }
}

template <int ROWS>
[[gnu::always_inline]] inline void multiply_step(const Tile& tile, std::int64_t k, __m512 low, __m512 high,
                                                 Sums<ROWS>& sum) {
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; ++i) {
    const __m512 activation = _mm512_set1_ps(tile.in[i * tile.in_row + k]);
    sum[i][0] = _mm512_fmadd_ps(activation, low, sum[i][0]);
    sum[i][1] = _mm512_fmadd_ps(activation, high, sum[i][1]);
  }
}

template <int ROWS>
void multiply_f16(const Tile& tile) {
  Sums<ROWS> sum;
  clear<ROWS>(sum);
  const std::byte* at = tile.panel;
  for (std::int64_t k = 0; k < tile.inputs; ++k, at += 64) {
    if constexpr (ROWS <= 4) {
      fetch(at + NEAR_BYTES);
    }
    const __m512 low = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
    const __m512 high = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32)));
    multiply_step<ROWS>(tile, k, low, high, sum);
  }
  keep<ROWS>(sum, tile.totals);
}

template <int ROWS>
void multiply_bf16(const Tile& tile) {
  const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xffff0000U));
  Sums<ROWS> sum;
  clear<ROWS>(sum);
  const std::byte* at = tile.panel;
  for (std::int64_t k = 0; k < tile.inputs; k += 2, at += 128) {
    if constexpr (ROWS <= 4) {
      fetch(at + NEAR_BYTES);
      fetch(at + NEAR_BYTES + 64);
    }
    const __m512i low = _mm512_loadu_si512(at);
    const __m512i high = _mm512_loadu_si512(at + 64);
    multiply_step<ROWS>(tile, k, _mm512_castsi512_ps(_mm512_slli_epi32(low, 16)),
                        _mm512_castsi512_ps(_mm512_slli_epi32(high, 16)), sum);
    multiply_step<ROWS>(tile, k + 1, _mm512_castsi512_ps(_mm512_and_si512(low, upper)),
                        _mm512_castsi512_ps(_mm512_and_si512(high, upper)), sum);
  }
  keep<ROWS>(sum, tile.totals);
}

using Multiply = void (*)(const Tile&);

#define ASSAY_OF_ROWS(NAME)                                                                               \
  constexpr Multiply NAME##_of_rows[MOST_ROWS] = {NAME<1>, NAME<2>, NAME<3>, NAME<4>,  NAME<5>,  NAME<6>, \
                                                  NAME<7>, NAME<8>, NAME<9>, NAME<10>, NAME<11>, NAME<12>};
ASSAY_OF_ROWS(multiply_f16)
ASSAY_OF_ROWS(multiply_bf16)

// What put_row() does to all of a panel.
inline void put_vectors(const HalfCall& call, std::int64_t row, std::int64_t panel, const float* totals) {
  float* const out = call.out + row * call.out_row + panel * HALF_OUTPUTS;
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
    __m512 value = _mm512_load_ps(totals + half * 16);
    if (call.bias != nullptr) {
      value = _mm512_add_ps(value, _mm512_loadu_ps(call.bias + panel * HALF_OUTPUTS + half * 16));
    }
    if (call.add) {
      value = _mm512_add_ps(_mm512_loadu_ps(out + half * 16), value);
    }
    _mm512_storeu_ps(out + half * 16, value);
  }
}

inline void multiply_tiles(const HalfCall& call, const Multiply* of_rows) {
  const std::int64_t tiles = (call.rows + MOST_ROWS - 1) / MOST_ROWS;
  alignas(64) float totals[MOST_ROWS * HALF_OUTPUTS];
  for (std::int64_t panel = 0; panel < call.shape.panels(); ++panel) {
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
      const std::int64_t first = call.rows * tile / tiles;
      const std::int64_t rows = call.rows * (tile + 1) / tiles - first;
      of_rows[rows - 1]({.in = call.in + first * call.in_row,
                         .in_row = call.in_row,
                         .rounded = call.rounded + first * call.shape.inputs,
                         .panel = call.packed + panel * call.shape.panel_bytes(),
                         .inputs = call.shape.inputs,
                         .totals = totals});
      const bool whole = (panel + 1) * HALF_OUTPUTS <= call.shape.outputs;
      for (std::int64_t i = 0; i < rows; ++i) {
        (whole ? put_vectors : put_row)(call, first + i, panel, totals + i * HALF_OUTPUTS);
      }
    }
  }
}

}  // namespace
}  // namespace assay::halves
