// The dot product is written out, because compilers spill the accumulators of the intrinsic. It takes denormals for
// zeros.

#include "vectors.h"

namespace assay::halves {
namespace {

inline void dot(__m512& sum, __m512i weights, __m512i activations) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(weights), "v"(activations));
}

template <int ROWS>
void multiply_rounded(const Tile& tile) {
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
#pragma GCC unroll 12
    for (int i = 0; i < ROWS; ++i) {
      std::int32_t pair;
      __builtin_memcpy(&pair, tile.rounded + i * tile.inputs + k, sizeof pair);
      const __m512i word = _mm512_set1_epi32(pair);
      dot(sum[i][0], low, word);
      dot(sum[i][1], high, word);
    }
  }
  keep<ROWS>(sum, tile.totals);
}

ASSAY_OF_ROWS(multiply_rounded)

void multiply_best(const HalfCall& call) {
  if (call.rounded != nullptr && call.shape.kind == WeightKind::bf16) {
    return multiply_tiles(call, multiply_rounded_of_rows);
  }
  if (call.rounded != nullptr) {
    return multiply_plain<float>(call);
  }
  multiply_tiles(call, call.shape.kind == WeightKind::f16 ? multiply_f16_of_rows : multiply_bf16_of_rows);
}

void round_rows(const RoundHalvesCall& call) {
  for (std::int64_t row = 0; row < call.count; ++row) {
    const float* const from = call.rows + row * call.row;
    std::uint16_t* const to = call.out + row * call.inputs;
    std::int64_t k = 0;
    for (; k + 16 <= call.inputs; k += 16) {
      const __m256bh rounded = _mm512_cvtneps_pbh(_mm512_loadu_ps(from + k));
      __builtin_memcpy(to + k, &rounded, sizeof rounded);
    }
    for (; k < call.inputs; ++k) {
      to[k] = bf16_of(from[k]);
    }
  }
}

ASSAY_KERNEL(halves, multiply_halves, avx512_dot, &multiply_best);
ASSAY_KERNEL(halves, round_halves, avx512_dot, &round_rows);

}  // namespace
}  // namespace assay::halves
