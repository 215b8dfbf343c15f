#include <immintrin.h>

#include "loops.h"

namespace assay::ceiling {
namespace {

std::int64_t dot_bf16(std::int64_t rounds) {
  return multiply_add<32>(rounds, _mm512_setzero_ps(), [](__m512& sum, const __m512& by) {
    asm volatile("vdpbf16ps %1, %1, %0" : "+v"(sum) : "v"(by));
  });
}

std::int64_t dot_i8(std::int64_t rounds) {
  return multiply_add<64>(rounds, _mm512_set1_epi8(1), [](__m512i& sum, const __m512i& by) {
    asm volatile("vpdpbusd %1, %1, %0" : "+v"(sum) : "v"(by));
  });
}

ASSAY_KERNEL(ceiling, dot_bf16, avx512_dot, &dot_bf16);
ASSAY_KERNEL(ceiling, dot_i8, avx512_dot, &dot_i8);

}  // namespace
}  // namespace assay::ceiling
