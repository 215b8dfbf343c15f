// Unsigned weights times signed activations is what the instruction multiplies. It is written out, because compilers
// spill the accumulators of the intrinsic. Totals stay in memory, so that the registers hold eight rows of sums.

#include <immintrin.h>

#include <iterator>

#include "shared.h"

namespace assay::gemm_i4 {
namespace {

inline void dot(__m512i& sum, __m512i weights, __m512i activations) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(weights), "v"(activations));
}

inline void dot_words(__m512i& sum, __m512i zeros, __m512i sums) {
  asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(zeros), "v"(sums));
}

// 32 weights.
template <int rows>
void multiply_part(const std::int32_t* a, const std::byte* lines, __m512i (&sum)[rows][2]) {
  const __m512i low_bits = _mm512_set1_epi8(15);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const __m512i left = _mm512_loadu_si512(lines + pair * 128);
    const __m512i right = _mm512_loadu_si512(lines + pair * 128 + 64);
    const __m512i low[2] = {_mm512_and_si512(left, low_bits), _mm512_and_si512(right, low_bits)};
    const __m512i high[2] = {_mm512_and_si512(_mm512_srli_epi16(left, 4), low_bits),
                             _mm512_and_si512(_mm512_srli_epi16(right, 4), low_bits)};
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m512i first = _mm512_set1_epi32(a[2 * pair * rows + i]);
      dot(sum[i][0], low[0], first);
      dot(sum[i][1], low[1], first);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m512i second = _mm512_set1_epi32(a[(2 * pair + 1) * rows + i]);
      dot(sum[i][0], high[0], second);
      dot(sum[i][1], high[1], second);
    }
  }
}

template <int rows>
void begin_sums(const std::int32_t* a, const std::byte* zeros, __m512i (&sum)[rows][2]) {
  if (zeros == nullptr) {
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      sum[i][0] = _mm512_set1_epi32(a[i]);
      sum[i][1] = sum[i][0];
    }
    return;
  }
  const __m512i left = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(zeros)));
  const __m512i right = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(zeros + 16)));
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    const __m512i factor = _mm512_set1_epi32(a[i]);
    sum[i][0] = _mm512_setzero_si512();
    sum[i][1] = sum[i][0];
    dot_words(sum[i][0], left, factor);
    dot_words(sum[i][1], right, factor);
  }
}

inline void add_scaled(__m512i sum, __m512 scale, float* total) {
  _mm512_store_ps(total, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, _mm512_load_ps(total)));
}

template <int rows>
void multiply_rows(const Tile& tile) {
  const std::int32_t* a = tile.a;
  const std::byte* block = tile.panel;
  const std::byte* zeros = tile.zeros;
  const std::int64_t block_bytes = INT4_COLUMNS * 4 + tile.parts * 512;
  for (std::int64_t at = 0; at < rows * INT4_COLUMNS; at += 16) {
    _mm512_store_ps(tile.totals + at, _mm512_setzero_ps());
  }
  for (std::int64_t group = 0; group < tile.groups; ++group, block += block_bytes) {
    for (std::int64_t line = tile.ahead_first; line < tile.ahead_end; ++line) {
      _mm_prefetch(reinterpret_cast<const char*>(block) + tile.ahead + line * 64, _MM_HINT_T0);
    }
    __m512i sum[rows][2];
    begin_sums<rows>(a, zeros, sum);
    zeros = zeros == nullptr ? zeros : zeros + INT4_COLUMNS;
    a += rows;
    const std::byte* lines = block + INT4_COLUMNS * 4;
    for (std::int64_t part = 0; part < tile.parts; ++part, lines += 512, a += rows * INT4_LEAST_GROUP / 4) {
      multiply_part<rows>(a, lines, sum);
    }
    const __m512 scale[2] = {_mm512_loadu_ps(block), _mm512_loadu_ps(block + 64)};
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      add_scaled(sum[i][0], scale[0], tile.totals + i * INT4_COLUMNS);
      add_scaled(sum[i][1], scale[1], tile.totals + i * INT4_COLUMNS + 16);
    }
  }
}

void multiply_tile(const Tile& tile) {
  static constexpr MultiplyTile OF_ROWS[] = {multiply_rows<1>, multiply_rows<2>, multiply_rows<3>, multiply_rows<4>,
                                             multiply_rows<5>, multiply_rows<6>, multiply_rows<7>, multiply_rows<8>};
  static_assert(std::size(OF_ROWS) == MOST_ROWS);
  OF_ROWS[tile.rows - 1](tile);
}

void multiply_i4(const Int4Call& call) { multiply_tiles(call, multiply_tile); }

ASSAY_KERNEL(gemm_i4, multiply_i4, avx512_dot, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
