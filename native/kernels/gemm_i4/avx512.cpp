#include <immintrin.h>

#include "pairs_tile.h"
#include "rows.h"

namespace assay::gemm_i4 {
namespace {

struct Lanes {
  using Vector = __m512i;
  static Vector zero() { return _mm512_setzero_si512(); }
  static Vector load(const std::byte* from) { return _mm512_loadu_si512(from); }
  static Vector spread(const std::int32_t* word) { return _mm512_set1_epi32(*word); }
  // Sixteen bytes, each in a word of 32 bits.
  static Vector spread_bytes(const std::byte* from) {
    return _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static Vector low(Vector both) { return _mm512_and_si512(both, _mm512_set1_epi8(15)); }
  static Vector high(Vector both) { return low(_mm512_srli_epi16(both, 4)); }
  static Vector add_pairs(Vector pairs, Vector weights, Vector activations) {
    return _mm512_add_epi16(pairs, _mm512_maddubs_epi16(weights, activations));
  }
  static Vector widen(Vector pairs) { return _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)); }
  static Vector scale_words(Vector zeros, Vector sums) { return _mm512_madd_epi16(zeros, sums); }
  static Vector add(Vector a, Vector b) { return _mm512_add_epi32(a, b); }
  static void add_scaled(Vector sum, const std::byte* scales, float* total) {
    const __m512 scale = _mm512_loadu_ps(scales);
    _mm512_storeu_ps(total, _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, _mm512_loadu_ps(total)));
  }
};

void multiply_i4(const Int4Call& call) { multiply_tiles(call, {PairsTile<Lanes>::multiply, lay_row}); }

ASSAY_KERNEL(gemm_i4, multiply_i4, avx512, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
