// exp, expm1, sinh, cosh, tanh: e^x = 2^n e^r with |r| <= log(2) / 2.
#pragma once

#include "common.h"

namespace assay::elementwise {
namespace {

constexpr double LOG2_E = 1.4426950408889634;
constexpr double LN2_HIGH = 0.6931471803691238;  // 21 zero bits at the end: exact times any exponent
constexpr double LN2_LOW = 1.9082149292705877e-10;

// (e^r - 1 - r) / r^2; largest relative errors of e^r: 3e-18 and 3e-9.
constexpr double EXP[] = {0.5000000000000012,    0.166666666666667,     0.041666666666515424,   0.008333333333307184,
                          0.0013888888947014531, 0.0001984126991744931, 2.4801489943274236e-05, 2.7557216232382135e-06,
                          2.763128008838966e-07, 2.5117884147660557e-08};
constexpr double EXP_SHORT[] = {0.5000000095452535, 0.1666651884273458, 0.041666204923984526, 0.008368889165810932,
                                0.0013950545730559193};
// The same to 3e-19 of r.
constexpr double EXPM1[] = {0.5,
                            0.16666666666666677,
                            0.0416666666666667,
                            0.008333333333321617,
                            0.0013888888888866865,
                            0.00019841269886158007,
                            2.4801587360528706e-05,
                            2.755724418231073e-06,
                            2.7557242769126596e-07,
                            2.5109044818965793e-08,
                            2.092444313026166e-09};

struct Reduced {
  F n;
  F r;
  F r_low;
};

inline Reduced reduce_exponent(F x) {
  const F n = fma(x, LOG2_E, Lanes::of(ROUNDER)) - ROUNDER;
  const F high = fma(n, -LN2_HIGH, x);
  const F r = fma(n, -LN2_LOW, high);
  return {n, r, fma(n, -LN2_LOW, high - r)};
}

inline F clamped(F x, double limit) {
  x = x > limit ? Lanes::of(limit) : x;
  return x < -limit ? Lanes::of(-limit) : x;
}

template <bool SHORT>
inline F exponential(F given) {
  const auto [n, r, r_low] = reduce_exponent(clamped(given, 800.0));
  if constexpr (SHORT) {
    return Lanes::scale(fma(r * r, polynomial(EXP_SHORT, r), r + 1.0), n);
  }
  const F tail = fma(r * r, polynomial(EXP, r), r_low);
  return Lanes::scale(1.0 + (r + tail), n);
}

// e^x - 1 as a pair; x from -40 to 709.
inline Pair expm1_pair(F x) {
  const auto [n, r, r_low] = reduce_exponent(x);
  const F tail = fma(r * r, polynomial(EXPM1, r), r_low);
  const F power = Lanes::scale(Lanes::of(1.0), n);
  // At n = 0 the first term is 0 and the sum exact.
  const auto [high, low] = two_sum(power - 1.0, power * r);
  // What power - 1 loses where it is more than 2^53 counts for nothing.
  return quick_sum(high, fma(power, tail, low));
}

// e^x - 1 to half of fp64's digits; x from -40 to 709.
inline F expm1_short(F x) {
  const auto [n, r, r_low] = reduce_exponent(x);
  const F power = Lanes::scale(Lanes::of(1.0), n);
  return fma(power, fma(r * r, polynomial(EXP_SHORT, r), r), power - 1.0);
}

template <bool SHORT>
inline Result exp_of(F x) {
  return {exponential<SHORT>(x), I{}};
}

template <bool SHORT>
inline Result expm1_of(F x) {
  const F inside = x < -40.0 ? Lanes::of(-40.0) : x;
  const I huge = x > 709.0;
  const F possible = huge ? F{} : inside;
  if constexpr (SHORT) {
    return {with_sign_of(magnitude(expm1_short(possible)), x), huge};
  }
  const auto [high, low] = expm1_pair(possible);
  return {with_sign_of(magnitude(high + low), x), huge};
}

// t / (t + 2) with t = e^2x - 1.
template <bool SHORT>
inline Result tanh_of(F x) {
  const F size = magnitude(x);
  const F twice = 2.0 * (size > 20.0 ? Lanes::of(20.0) : size);
  if constexpr (SHORT) {
    const F t = expm1_short(twice);
    return {with_sign_of(quotient<SHORT>(t, t + 2.0), x), I{}};
  }
  const auto [high, low] = expm1_pair(twice);
  const auto [below, below_low] = two_sum(high, Lanes::of(2.0));
  const F ratio = high / below;
  const F rest = fma(-ratio, below, high) + (low - ratio * (below_low + low));
  return {with_sign_of(fma(rest, Lanes::reciprocal(below), ratio), x), I{}};
}

template <bool SHORT>
inline Result sinh_of(F x) {
  const F size = magnitude(x);
  const I huge = !(size < 700.0);
  const F possible = huge ? Lanes::of(1.0) : size;
  if constexpr (SHORT) {
    const F t = expm1_short(possible);
    return {with_sign_of(0.5 * (t + t / (t + 1.0)), x), huge};
  }
  const auto [high, low] = expm1_pair(possible);
  const auto [sum, sum_low] = two_sum(high, high / (high + 1.0));
  return {with_sign_of(0.5 * (sum + (sum_low + low)), x), huge};
}

template <bool SHORT>
inline Result cosh_of(F x) {
  const F size = magnitude(x);
  const I huge = !(size < 700.0);
  const F power = exponential<SHORT>(huge ? Lanes::of(1.0) : size);
  return {0.5 * (power + 1.0 / power), huge};
}

}  // namespace
}  // namespace assay::elementwise
