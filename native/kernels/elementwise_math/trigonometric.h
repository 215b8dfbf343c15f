// sin, cos, tan: x = n pi/2 + r with |r| <= pi/4, for |x| below 2^20; larger ones are the C library's.
#pragma once

#include "common.h"

namespace assay::elementwise {
namespace {

constexpr double TWO_BY_PI = 0.6366197723675814;
constexpr double HALF_PI[] = {1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33};

// (sin r / r - 1) / r^2 and (cos r - 1 + r^2 / 2) / r^4 in r^2; largest errors 3e-18, 5e-20; 4e-9, 1e-10.
constexpr double SIN[] = {-0.16666666666666632,   0.00833333333332237,    -0.00019841269829771308,
                          2.7557313678701634e-06, -2.505075596538282e-08, 1.589666666237497e-10};
constexpr double SIN_SHORT[] = {-0.16666654908642714, 0.008332175846970562, -0.00019516977555600364};
constexpr double COS[] = {0.0416666666666666,      -0.0013888888888874064, 2.480158728944353e-05,
                          -2.7557314340665114e-07, 2.0875721623633706e-09, -1.1359559292419608e-11};
constexpr double COS_SHORT[] = {0.04166664680726879, -0.0013887364488426705, 2.4438091222684082e-05};

struct Angle {
  I quadrant;
  F r;
  F r_low;
};

template <bool SHORT>
inline Angle reduce_angle(F x) {
  const F shifted = fma(x, TWO_BY_PI, Lanes::of(ROUNDER));
  const F n = shifted - ROUNDER;
  const I quadrant = __builtin_bit_cast(I, shifted);
  const F first = fma(n, -HALF_PI[0], x);  // exact
  if constexpr (SHORT) {
    return {quadrant, fma(n, -HALF_PI[1], first), F{}};
  }
  const auto [product, product_low] = two_product(n, Lanes::of(HALF_PI[1]));
  const auto [r, r_low] = two_sum(first, -product);
  return {quadrant, r, fma(n, -HALF_PI[2], r_low - product_low)};
}

template <bool SHORT>
inline Pair sine(F r, F r_low) {
  const F z = r * r;
  if constexpr (SHORT) {
    return {fma(r * z, polynomial(SIN_SHORT, z), r), F{}};
  }
  return quick_sum(r, fma(r * z, polynomial(SIN, z), fma(z * -0.5, r_low, r_low)));
}

template <bool SHORT>
inline Pair cosine(F r, F r_low) {
  const F z = r * r;
  if constexpr (SHORT) {
    return {fma(z * z, polynomial(COS_SHORT, z), fma(z, -0.5, Lanes::of(1.0))), F{}};
  }
  const F half = 0.5 * z;
  const F most = 1.0 - half;
  return quick_sum(most, ((1.0 - most) - half) + fma(z * z, polynomial(COS, z), -r * r_low));
}

inline I too_large(F x) { return ~(magnitude(x) < 0x1p20); }

inline F negated_where(F a, I condition) {
  return __builtin_bit_cast(F, __builtin_bit_cast(I, a) ^ (condition & INT64_MIN));
}

template <bool SHORT>
inline Result sin_of(F x) {
  const auto [quadrant, r, r_low] = reduce_angle<SHORT>(x);
  const F value = (quadrant & 1) != 0 ? cosine<SHORT>(r, r_low).high : sine<SHORT>(r, r_low).high;
  return {x == 0.0 ? x : negated_where(value, (quadrant & 2) != 0), too_large(x)};
}

template <bool SHORT>
inline Result cos_of(F x) {
  const auto [quadrant, r, r_low] = reduce_angle<SHORT>(x);
  const F value = (quadrant & 1) != 0 ? sine<SHORT>(r, r_low).high : cosine<SHORT>(r, r_low).high;
  return {negated_where(value, ((quadrant + 1) & 2) != 0), too_large(x)};
}

template <bool SHORT>
inline Result tan_of(F x) {
  const auto [quadrant, r, r_low] = reduce_angle<SHORT>(x);
  const Pair sin = sine<SHORT>(r, r_low);
  const Pair cos = cosine<SHORT>(r, r_low);
  const I odd_quadrant = (quadrant & 1) != 0;
  const F above = odd_quadrant ? cos.high : sin.high;
  const F below = odd_quadrant ? sin.high : cos.high;
  F value = quotient<SHORT>(above, below);
  if constexpr (!SHORT) {
    const F above_low = odd_quadrant ? cos.low : sin.low;
    const F below_low = odd_quadrant ? sin.low : cos.low;
    value += (fma(-value, below, above) + (above_low - value * below_low)) * Lanes::reciprocal(below);
  }
  return {x == 0.0 ? x : negated_where(value, odd_quadrant), too_large(x)};
}

}  // namespace
}  // namespace assay::elementwise
