// Unsigned weights times signed activations is what the instruction multiplies. It is written out, because compilers
// spill the accumulators of the intrinsic. Six rows are as many as registers hold sums and totals of.

#include <immintrin.h>

#include "plain.h"

namespace assay::blocks {
namespace {

constexpr std::int64_t NEAR_BYTES = 4096;  // what memory delivers while it answers one request
constexpr std::int64_t WORDS = 2 + BLOCK_GROUP / 4;

inline void dot(__m512i& sum, __m512i weights, __m512i activations) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(weights), "v"(activations));
}

inline void fetch(const std::byte* at) { _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0); }

// What round_group() does.
inline void round_vectors(const float* from, std::int8_t* to, float& scale, std::int32_t& less_sum) {
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  const __m512 low = _mm512_loadu_ps(from);
  const __m512 high = _mm512_loadu_ps(from + 16);
  // Bits of magnitudes order as magnitudes do, and those of NaN are the largest.
  const __m512i larger = _mm512_max_epu32(_mm512_and_si512(_mm512_castps_si512(low), magnitude),
                                          _mm512_and_si512(_mm512_castps_si512(high), magnitude));
  const unsigned bits = _mm512_reduce_max_epu32(larger);
  const bool finite = bits < 0x7f800000U;
  const float most = __builtin_bit_cast(float, bits);
  scale = finite ? most / MOST_INT8 : __builtin_nanf("");
  const __m512 factor = _mm512_set1_ps(finite && most > 0x1p-100F ? MOST_INT8 / most : 0.0F);
  const __mmask16 all = finite ? __mmask16{0xffff} : __mmask16{0};
  const __m512i left = _mm512_cvtps_epi32(_mm512_maskz_mul_ps(all, low, factor));
  const __m512i right = _mm512_cvtps_epi32(_mm512_maskz_mul_ps(all, high, factor));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtepi32_epi8(left));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 16), _mm512_cvtepi32_epi8(right));
  less_sum = -_mm512_reduce_add_epi32(_mm512_add_epi32(left, right));
}

// Some rows by a panel.
struct Tile {
  const std::int32_t* a;
  const std::byte* panel;
  std::int64_t groups;
  // Bytes from what is read to what is fetched with it, for every second line; twice the same where another tile
  // fetches the others.
  std::int64_t ahead;
  std::int64_t ahead_too;
  float* totals;  // rows x 32
};

template <int ROWS>
using Sums = __m512i[ROWS][2];

template <int ROWS>
[[gnu::always_inline]] inline void multiply_words(const std::int32_t* a, __m512i low, __m512i high, Sums<ROWS>& sum) {
#pragma GCC unroll 6
  for (int i = 0; i < ROWS; ++i) {
    const __m512i word = _mm512_set1_epi32(a[i]);
    dot(sum[i][0], low, word);
    dot(sum[i][1], high, word);
  }
}

template <int ROWS>
[[gnu::always_inline]] inline void multiply_q8(const std::int32_t* a, const std::byte* lines, const Tile& tile,
                                               Sums<ROWS>& sum) {
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) {
    if constexpr (ROWS <= 4) {  // more have no time for it
      fetch(lines + k * 128 + tile.ahead);
      fetch(lines + k * 128 + tile.ahead_too);
    }
    const __m512i low = _mm512_loadu_si512(lines + k * 128);
    const __m512i high = _mm512_loadu_si512(lines + k * 128 + 64);
    multiply_words<ROWS>(a + k * ROWS, low, high, sum);
  }
}

template <int ROWS>
[[gnu::always_inline]] inline void multiply_q4(const std::int32_t* a, const std::byte* lines, const Tile& tile,
                                               Sums<ROWS>& sum) {
  const __m512i low_bits = _mm512_set1_epi8(15);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    if constexpr (ROWS <= 4) {
      fetch(lines + pair * 128 + tile.ahead);
      fetch(lines + pair * 128 + tile.ahead_too);
    }
    const __m512i left = _mm512_loadu_si512(lines + pair * 128);
    const __m512i right = _mm512_loadu_si512(lines + pair * 128 + 64);
    multiply_words<ROWS>(a + 2 * pair * ROWS, _mm512_and_si512(left, low_bits), _mm512_and_si512(right, low_bits), sum);
    multiply_words<ROWS>(a + (2 * pair + 1) * ROWS, _mm512_and_si512(_mm512_srli_epi16(left, 4), low_bits),
                         _mm512_and_si512(_mm512_srli_epi16(right, 4), low_bits), sum);
  }
}

// 2^SHIFT is what was added to weights.
template <WeightKind KIND>
constexpr int SHIFT = KIND == WeightKind::q8_0 ? 7 : 3;

template <WeightKind KIND>
constexpr std::int64_t GROUP_BYTES = KIND == WeightKind::q8_0 ? 64 + 1024 : 64 + 512;

template <WeightKind KIND, int ROWS>
void multiply_tile(const Tile& tile) {
  __m512 total[ROWS][2];
#pragma GCC unroll 6
  for (int i = 0; i < ROWS; ++i) {
    total[i][0] = _mm512_setzero_ps();
    total[i][1] = _mm512_setzero_ps();
  }
  const std::int32_t* a = tile.a;
  const std::byte* group = tile.panel;
  for (std::int64_t left = tile.groups; left > 0; --left, group += GROUP_BYTES<KIND>, a += ROWS * WORDS) {
    fetch(group + tile.ahead);
    Sums<ROWS> sum;
#pragma GCC unroll 6
    for (int i = 0; i < ROWS; ++i) {
      sum[i][0] = _mm512_slli_epi32(_mm512_set1_epi32(a[i]), SHIFT<KIND>);
      sum[i][1] = sum[i][0];
    }
    if constexpr (KIND == WeightKind::q8_0) {
      multiply_q8<ROWS>(a + 2 * ROWS, group + 64, tile, sum);
    } else {
      multiply_q4<ROWS>(a + 2 * ROWS, group + 64, tile, sum);
    }
    const __m512 low = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(group)));
    const __m512 high = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(group + 32)));
#pragma GCC unroll 6
    for (int i = 0; i < ROWS; ++i) {
      const __m512 scale = _mm512_castsi512_ps(_mm512_set1_epi32(a[ROWS + i]));
      total[i][0] = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sum[i][0]), low), scale, total[i][0]);
      total[i][1] = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sum[i][1]), high), scale, total[i][1]);
    }
  }
#pragma GCC unroll 6
  for (int i = 0; i < ROWS; ++i) {
    _mm512_storeu_ps(tile.totals + i * 32, total[i][0]);
    _mm512_storeu_ps(tile.totals + i * 32 + 16, total[i][1]);
  }
}

// What put_row() does to all of a panel.
inline void put_vectors(const BlockCall& call, std::int64_t row, std::int64_t panel, const float* totals) {
  float* const out = call.out + row * call.out_row + panel * BLOCK_OUTPUTS;
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
    __m512 value = _mm512_load_ps(totals + half * 16);
    if (call.bias != nullptr) {
      value = _mm512_add_ps(value, _mm512_loadu_ps(call.bias + panel * BLOCK_OUTPUTS + half * 16));
    }
    if (call.add) {
      value = _mm512_add_ps(_mm512_loadu_ps(out + half * 16), value);
    }
    _mm512_storeu_ps(out + half * 16, value);
  }
}

using MultiplyTile = void (*)(const Tile&);

template <WeightKind KIND>
constexpr MultiplyTile OF_ROWS[BLOCK_ROWS] = {multiply_tile<KIND, 1>, multiply_tile<KIND, 2>, multiply_tile<KIND, 3>,
                                              multiply_tile<KIND, 4>, multiply_tile<KIND, 5>, multiply_tile<KIND, 6>};

void multiply_panels(const BlockCall& call) {
  const MultiplyTile* const of_rows =
      call.shape.kind == WeightKind::q8_0 ? OF_ROWS<WeightKind::q8_0> : OF_ROWS<WeightKind::q4_0>;
  const std::int64_t words = rounded_row_words(call.shape.inputs);
  const std::int64_t tiles = block_tiles(call.rows);
  alignas(64) float totals[BLOCK_ROWS * BLOCK_OUTPUTS];
  for (std::int64_t panel = call.first_panel; panel < call.first_panel + call.panels; ++panel) {
    for (std::int64_t index = 0; index < tiles; ++index) {
      const std::int64_t first = block_tile_start(call.rows, index);
      const std::int64_t rows = block_tile_start(call.rows, index + 1) - first;
      // Two tiles fetch half of the next panel each.
      const std::int64_t ahead = tiles == 1 ? NEAR_BYTES : call.shape.panel_bytes() + index % 2 * 64;
      of_rows[rows - 1]({.a = call.rounded + first * words,
                         .panel = call.packed + panel * call.shape.panel_bytes(),
                         .groups = call.shape.groups(),
                         .ahead = ahead,
                         .ahead_too = tiles == 1 ? ahead + 64 : ahead,
                         .totals = totals});
      for (std::int64_t i = 0; i < rows; ++i) {
        const bool whole = (panel + 1) * BLOCK_OUTPUTS <= call.shape.outputs;
        (whole ? put_vectors : put_row)(call, first + i, panel, totals + i * BLOCK_OUTPUTS);
      }
    }
  }
}

ASSAY_KERNEL(blocks, round_rows, avx512_dot, &round_tiles<round_vectors>);
ASSAY_KERNEL(blocks, multiply_blocks, avx512_dot, &multiply_panels);

}  // namespace
}  // namespace assay::blocks
