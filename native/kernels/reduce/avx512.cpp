// 4 registers of 8 lanes each: enough independent additions in flight to hide their latency.

#include <immintrin.h>

#include "assay/kernels/reduce.h"
#include "lanes.h"

namespace assay::reduce {
namespace {

constexpr std::int64_t WIDTH = 8;
constexpr std::int64_t REGISTERS = SUM_LANES / WIDTH;

__m512d load(const float* values) { return _mm512_cvtps_pd(_mm256_loadu_ps(values)); }
__m512d load(const double* values) { return _mm512_loadu_pd(values); }

template <class Real>
double sum(const Real* values, std::int64_t count) {
  __m512d partial[REGISTERS];
  for (__m512d& part : partial) {
    part = _mm512_setzero_pd();
  }
  const std::int64_t whole = count - count % SUM_LANES;
  for (std::int64_t block = 0; block < whole; block += SUM_LANES) {
    for (std::int64_t part = 0; part < REGISTERS; ++part) {
      partial[part] = _mm512_add_pd(partial[part], load(values + block + part * WIDTH));
    }
  }
  double lanes[SUM_LANES];
  for (std::int64_t part = 0; part < REGISTERS; ++part) {
    _mm512_storeu_pd(lanes + part * WIDTH, partial[part]);
  }
  return finish(lanes, values + whole, count - whole);
}

double sum_f32(const float* values, std::int64_t count) { return sum(values, count); }
double sum_f64(const double* values, std::int64_t count) { return sum(values, count); }

ASSAY_KERNEL(reduce, sum_f32, avx512, &sum_f32);
ASSAY_KERNEL(reduce, sum_f64, avx512, &sum_f64);

}  // namespace
}  // namespace assay::reduce
