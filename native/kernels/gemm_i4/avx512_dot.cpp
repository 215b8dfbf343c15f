// Unsigned weights times signed activations is what the instruction multiplies. It is written out,
// because compilers spill the accumulators of the intrinsic.

#include <immintrin.h>

#include "shared.h"

namespace assay::gemm_i4 {
namespace {

constexpr int MOST_ROWS = 6;

inline void dot(__m512i& sum, __m512i weights, __m512i activations) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(weights), "v"(activations));
}

inline __m512i spread(const std::int8_t* four) {
  std::int32_t word;
  __builtin_memcpy(&word, four, 4);
  return _mm512_set1_epi32(word);
}

template <int rows>
void multiply_group(const Tile& tile, const std::byte* block, std::int64_t group, __m512 (&total)[rows][2]) {
  const __m512i low_bits = _mm512_set1_epi8(15);
  const std::byte* const lines = block + INT4_COLUMNS * 4;
  const std::int8_t* const a = tile.a + group * INT4_GROUP;
  __m512i sum[rows][2];
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
    sum[i][0] = _mm512_set1_epi32(tile.sums[i * tile.groups + group]);
    sum[i][1] = sum[i][0];
  }
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    const __m512i left = _mm512_loadu_si512(lines + pair * 128);
    const __m512i right = _mm512_loadu_si512(lines + pair * 128 + 64);
    const __m512i low[2] = {_mm512_and_si512(left, low_bits), _mm512_and_si512(right, low_bits)};
    const __m512i high[2] = {_mm512_and_si512(_mm512_srli_epi16(left, 4), low_bits),
                             _mm512_and_si512(_mm512_srli_epi16(right, 4), low_bits)};
#pragma GCC unroll 6
    for (int i = 0; i < rows; ++i) {
      const __m512i first = spread(a + i * tile.a_row + pair * 8);
      const __m512i second = spread(a + i * tile.a_row + pair * 8 + 4);
      dot(sum[i][0], low[0], first);
      dot(sum[i][1], low[1], first);
      dot(sum[i][0], high[0], second);
      dot(sum[i][1], high[1], second);
    }
  }
  const __m512 scale[2] = {_mm512_loadu_ps(block), _mm512_loadu_ps(block + 64)};
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
    total[i][0] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum[i][0]), scale[0], total[i][0]);
    total[i][1] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum[i][1]), scale[1], total[i][1]);
  }
}

template <int rows>
void multiply_rows(const Tile& tile) {
  __m512 total[rows][2];
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
    total[i][0] = _mm512_setzero_ps();
    total[i][1] = total[i][0];
  }
  const std::byte* block = tile.panel;
  for (std::int64_t group = 0; group < tile.groups; ++group, block += INT4_BLOCK_BYTES) {
    for (std::int64_t line = tile.first_line; line < tile.last_line; ++line) {
      _mm_prefetch(reinterpret_cast<const char*>(block) + tile.ahead + line * 64, _MM_HINT_T0);
    }
    multiply_group<rows>(tile, block, group, total);
  }
  const std::uint32_t mask = tile.columns >= 32 ? ~0U : (1U << tile.columns) - 1U;
#pragma GCC unroll 6
  for (int i = 0; i < rows; ++i) {
    const __m512 scale = _mm512_set1_ps(tile.a_scales[i]);
    float* const c = tile.c + i * tile.c_row;
    _mm512_mask_storeu_ps(c, static_cast<__mmask16>(mask & 0xffffU), _mm512_mul_ps(total[i][0], scale));
    _mm512_mask_storeu_ps(c + 16, static_cast<__mmask16>(mask >> 16U), _mm512_mul_ps(total[i][1], scale));
  }
}

void multiply_tile(const Tile& tile) {
  static constexpr MultiplyTile OF_ROWS[] = {multiply_rows<1>, multiply_rows<2>, multiply_rows<3>,
                                             multiply_rows<4>, multiply_rows<5>, multiply_rows<6>};
  OF_ROWS[tile.rows - 1](tile);
}

void multiply_i4(const Int4Call& call) { multiply_tiles(call, MOST_ROWS, multiply_tile); }

ASSAY_KERNEL(gemm_i4, multiply_i4, avx512_dot, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
