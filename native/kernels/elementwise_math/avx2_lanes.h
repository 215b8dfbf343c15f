// Four numbers in fp64, with what compilers have no operator for.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace assay::elementwise {
namespace {

struct Lanes {
  static constexpr std::int64_t COUNT = 4;
  using F [[gnu::vector_size(32)]] = double;
  using I = decltype(F{} < F{});  // masks are integers of all ones

  static F of(double value) { return value - F{}; }
  static F fma(F a, F b, F c) { return _mm256_fmadd_pd(a, b, c); }
  static F root(F a) { return _mm256_sqrt_pd(a); }
  static F reciprocal(F a) { return 1.0 / a; }
  // a times two to the power of whole n, |n| below 2000; exact in the first step, so that it is rounded once.
  static F scale(F a, F n) {
    const F half = _mm256_round_pd(n * 0.5, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    return a * power(half) * power(n - half);
  }
  static unsigned mask(I condition) {
    return static_cast<unsigned>(_mm256_movemask_pd(__builtin_bit_cast(__m256d, condition)));
  }
  static F load(const double* from) { return _mm256_loadu_pd(from); }
  static F load(const float* from) { return _mm256_cvtps_pd(_mm_loadu_ps(from)); }
  static void store(double* to, F values) { _mm256_storeu_pd(to, values); }
  static void store(float* to, F values) { _mm_storeu_ps(to, _mm256_cvtpd_ps(values)); }

 private:
  // 2^n for whole n in the range of exponents: the number's low bits, moved to where the exponent is.
  static F power(F n) {
    constexpr double SHIFT = 0x1.8p52 + 1023.0;
    return __builtin_bit_cast(F, __builtin_bit_cast(I, n + SHIFT) << 52);
  }
};

}  // namespace
}  // namespace assay::elementwise
