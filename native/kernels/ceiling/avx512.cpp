#include <immintrin.h>

#include "loops.h"

namespace assay::ceiling {
namespace {

std::int64_t fma_f32(std::int64_t rounds) {
  return multiply_add<16>(rounds, _mm512_set1_ps(1), [](__m512& sum, const __m512& by) {
    asm volatile("vfmadd231ps %1, %1, %0" : "+v"(sum) : "v"(by));
  });
}

std::int64_t fma_f64(std::int64_t rounds) {
  return multiply_add<8>(rounds, _mm512_set1_pd(1), [](__m512d& sum, const __m512d& by) {
    asm volatile("vfmadd231pd %1, %1, %0" : "+v"(sum) : "v"(by));
  });
}

void store_past(Line* place, const Line& line) {
  _mm512_stream_si512(reinterpret_cast<__m512i*>(place), reinterpret_cast<const __m512i&>(line));
}

void write_plain(std::byte* to, std::int64_t bytes) { write(to, bytes, keep); }
void copy_plain(std::byte* to, const std::byte* from, std::int64_t bytes) { copy(to, from, bytes, keep); }
void write_past(std::byte* to, std::int64_t bytes) { write(to, bytes, store_past); }
void copy_past(std::byte* to, const std::byte* from, std::int64_t bytes) { copy(to, from, bytes, store_past); }

constexpr CeilingTraffic traffic{
    .read = read, .write = write_plain, .copy = copy_plain, .write_past = write_past, .copy_past = copy_past};

ASSAY_KERNEL(ceiling, fma_f32, avx512, &fma_f32);
ASSAY_KERNEL(ceiling, fma_f64, avx512, &fma_f64);
ASSAY_KERNEL(ceiling, traffic, avx512, &traffic);

}  // namespace
}  // namespace assay::ceiling
