// Eight numbers in fp64, with what compilers have no operator for.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace assay::elementwise {
namespace {

struct Lanes {
  static constexpr std::int64_t COUNT = 8;
  using F [[gnu::vector_size(64)]] = double;
  using I = decltype(F{} < F{});  // masks are integers of all ones

  static F of(double value) { return value - F{}; }
  static F fma(F a, F b, F c) { return _mm512_fmadd_pd(a, b, c); }
  // Masked, as gcc 12 warns of the others falsely.
  static F root(F a) { return _mm512_maskz_sqrt_pd(0xff, a); }
  // 1 / a to 2^-27 of it; not for infinities and zeros.
  static F reciprocal(F a) {
    const F near = _mm512_maskz_rcp14_pd(0xff, a);
    return near * fma(-near, a, of(2.0));
  }
  // a times two to the power of whole n, rounded once.
  static F scale(F a, F n) { return _mm512_maskz_scalef_pd(0xff, a, n); }
  static unsigned mask(I condition) { return _mm512_movepi64_mask(__builtin_bit_cast(__m512i, condition)); }
  static F load(const double* from) { return _mm512_loadu_pd(from); }
  static F load(const float* from) { return _mm512_cvtps_pd(_mm256_loadu_ps(from)); }
  static void store(double* to, F values) { _mm512_storeu_pd(to, values); }
  static void store(float* to, F values) { _mm256_storeu_ps(to, _mm512_cvtpd_ps(values)); }
};

}  // namespace
}  // namespace assay::elementwise
