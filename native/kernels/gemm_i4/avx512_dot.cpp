// Unsigned weights times signed activations is what the instruction multiplies. It is written out, because compilers
// spill the accumulators of the intrinsic. Six rows are as many as registers hold sums and totals of: with eight, whose
// totals lie in memory, the end of each group takes a third of the time.

#include <immintrin.h>

#include <iterator>

#include "rows.h"

namespace assay::gemm_i4 {
namespace {

inline void dot(__m512i& sum, __m512i weights, __m512i activations) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(weights), "v"(activations));
}

inline void dot_words(__m512i& sum, __m512i zeros, __m512i sums) {
  asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(zeros), "v"(sums));
}

inline void fetch(const std::byte* at) { _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0); }

// Sums of low and of high bits are apart where there are too few rows to hide the latency of the instruction.
template <int rows>
constexpr int SETS = rows <= 3 ? 2 : 1;

template <int rows>
using Sums = __m512i[SETS<rows>][rows][2];

// 32 weights.
template <int rows>
inline void multiply_part(const Tile& tile, const std::int32_t* a, const std::byte* lines, Sums<rows>& sum) {
  const __m512i low_bits = _mm512_set1_epi8(15);
#pragma GCC unroll 4
  for (int pair = 0; pair < 4; ++pair) {
    fetch(lines + pair * 128 + tile.ahead);
    if constexpr (rows <= 4) {  // more have no time for it, and the processor fetches some of these lines by itself
      fetch(lines + pair * 128 + tile.ahead_too);
    }
    const __m512i left = _mm512_loadu_si512(lines + pair * 128);
    const __m512i right = _mm512_loadu_si512(lines + pair * 128 + 64);
    const __m512i low[2] = {_mm512_and_si512(left, low_bits), _mm512_and_si512(right, low_bits)};
    const __m512i high[2] = {_mm512_and_si512(_mm512_srli_epi16(left, 4), low_bits),
                             _mm512_and_si512(_mm512_srli_epi16(right, 4), low_bits)};
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m512i first = _mm512_set1_epi32(a[2 * pair * rows + i]);
      dot(sum[0][i][0], low[0], first);
      dot(sum[0][i][1], low[1], first);
    }
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const __m512i second = _mm512_set1_epi32(a[(2 * pair + 1) * rows + i]);
      dot(sum[SETS<rows> - 1][i][0], high[0], second);
      dot(sum[SETS<rows> - 1][i][1], high[1], second);
    }
  }
}

template <int rows>
inline void begin_sums(const std::int32_t* a, const std::byte* zeros, Sums<rows>& sum) {
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    sum[SETS<rows> - 1][i][0] = _mm512_setzero_si512();
    sum[SETS<rows> - 1][i][1] = _mm512_setzero_si512();
    sum[0][i][0] = zeros == nullptr ? _mm512_set1_epi32(a[i]) : _mm512_setzero_si512();
    sum[0][i][1] = sum[0][i][0];
  }
  if (zeros == nullptr) {
    return;
  }
  const __m512i left = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(zeros)));
  const __m512i right = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(zeros + 16)));
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    const __m512i factor = _mm512_set1_epi32(a[i]);
    dot_words(sum[0][i][0], left, factor);
    dot_words(sum[0][i][1], right, factor);
  }
}

template <int rows>
using Totals = __m512[rows][2];

template <int rows>
inline void add_scaled(const Sums<rows>& sum, const std::byte* scales, Totals<rows>& total) {
  const __m512 scale[2] = {_mm512_loadu_ps(scales), _mm512_loadu_ps(scales + 64)};
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      const __m512i all = SETS<rows> == 1 ? sum[0][i][half] : _mm512_add_epi32(sum[0][i][half], sum[1][i][half]);
      total[i][half] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(all), scale[half], total[i][half]);
    }
  }
}

// `constant` is the number of parts of a group, where that is known, or 0.
template <int rows, int constant>
void multiply_groups(const Tile& tile) {
  const std::int32_t* a = tile.a;
  const std::byte* block = tile.block;
  const std::byte* zeros = tile.zeros;
  const std::int64_t parts = constant == 0 ? tile.parts : constant;
  Totals<rows> total;
#pragma GCC unroll 16
  for (int at = 0; at < 2 * rows; ++at) {
    total[at / 2][at % 2] = _mm512_load_ps(tile.totals + at * 16);
  }
  for (std::int64_t group = 0; group < tile.groups; ++group) {
    fetch(block + tile.ahead);
    fetch(block + tile.ahead_too);
    Sums<rows> sum;
    begin_sums<rows>(a, zeros, sum);
    zeros = zeros == nullptr ? zeros : zeros + INT4_COLUMNS;
    a += rows;
    const std::byte* const scales = block;
    block += INT4_COLUMNS * 4;
    for (std::int64_t part = 0; part < parts; ++part) {
      multiply_part<rows>(tile, a, block, sum);
      block += 512;
      a += rows * INT4_LEAST_GROUP / 4;
    }
    add_scaled<rows>(sum, scales, total);
  }
#pragma GCC unroll 16
  for (int at = 0; at < 2 * rows; ++at) {
    _mm512_store_ps(tile.totals + at * 16, total[at / 2][at % 2]);
  }
}

template <int rows>
void multiply_rows(const Tile& tile) {
  tile.parts == 1 ? multiply_groups<rows, 1>(tile) : multiply_groups<rows, 0>(tile);
}

void multiply_tile(const Tile& tile) {
  using Multiply = void (*)(const Tile&);
  static constexpr Multiply OF_ROWS[] = {multiply_rows<1>, multiply_rows<2>, multiply_rows<3>,
                                         multiply_rows<4>, multiply_rows<5>, multiply_rows<6>};
  static_assert(std::size(OF_ROWS) == MOST_ROWS);
  OF_ROWS[tile.rows - 1](tile);
}

void multiply_i4(const Int4Call& call) { multiply_tiles(call, {multiply_tile, lay_row}); }

ASSAY_KERNEL(gemm_i4, multiply_i4, avx512_dot, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
