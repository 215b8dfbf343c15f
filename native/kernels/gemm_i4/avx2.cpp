#include <immintrin.h>

#include "pairs_tile.h"
#include "rows.h"

namespace assay::gemm_i4 {
namespace {

struct Lanes {
  using Vector = __m256i;
  static Vector zero() { return _mm256_setzero_si256(); }
  static Vector load(const std::byte* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
  static Vector spread(const std::int32_t* word) { return _mm256_set1_epi32(*word); }
  // Eight bytes, each in a word of 32 bits.
  static Vector spread_bytes(const std::byte* from) { return _mm256_cvtepu8_epi32(_mm_loadu_si64(from)); }
  static Vector low(Vector both) { return _mm256_and_si256(both, _mm256_set1_epi8(15)); }
  static Vector high(Vector both) { return low(_mm256_srli_epi16(both, 4)); }
  static Vector add_pairs(Vector pairs, Vector weights, Vector activations) {
    return _mm256_add_epi16(pairs, _mm256_maddubs_epi16(weights, activations));
  }
  static Vector widen(Vector pairs) { return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)); }
  static Vector scale_words(Vector zeros, Vector sums) { return _mm256_madd_epi16(zeros, sums); }
  static Vector add(Vector a, Vector b) { return _mm256_add_epi32(a, b); }
  static void add_scaled(Vector sum, const std::byte* scales, float* total) {
    const __m256 scale = _mm256_loadu_ps(reinterpret_cast<const float*>(scales));
    _mm256_storeu_ps(total, _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, _mm256_loadu_ps(total)));
  }
};

void multiply_i4(const Int4Call& call) { multiply_tiles(call, {PairsTile<Lanes>::multiply, lay_row}); }

ASSAY_KERNEL(gemm_i4, multiply_i4, avx2, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
