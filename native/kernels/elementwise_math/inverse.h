// asin, acos, atan, atan2.
#pragma once

#include "trigonometric.h"

namespace assay::elementwise {
namespace {

constexpr double QUARTER_PI = 0.7853981633974483;
constexpr double QUARTER_PI_REST = 3.061616997868383e-17;

// (asin x / x - 1) / x^2 in x^2 up to 1/4, and (atan x / x - 1) / x^2 in x^2 up to tan^2(pi/8).
// Largest errors 2e-17, 1e-18; 3e-10, 7e-10.
constexpr double ASIN[] = {0.1666666666666537,   0.0750000000034572,   0.044642856821413064,  0.0303819594136464,
                           0.02237175158534131,  0.01735980004132715,  0.013884313860674069,  0.012175147465326388,
                           0.006502754601129484, 0.019596163197981718, -0.016329193025552285, 0.0319831944764714};
constexpr double ASIN_SHORT[] = {0.16666659851116533, 0.0750051220306393,   0.04451546111127082,
                                 0.03181988328935646, 0.014393613212779844, 0.03757837557982682};
constexpr double ATAN[] = {-0.333333333333332,   0.19999999999953663, -0.14285714280204054, 0.11111110783812943,
                           -0.09090897767004769, 0.07692060360447678, -0.0666310544313578,  0.05847897328439564,
                           -0.05039330671947708, 0.03806495400522614, -0.01790734572367727};
constexpr double ATAN_SHORT[] = {-0.33333315423859367, 0.1999848401751824, -0.1424373907927387, 0.10595141781612295,
                                 -0.06081160509287167};

// asin of a where a <= 1/2, else asin of the root of (1 - a) / 2, from which the others follow.
struct Arc {
  I large;
  F main;  // the arc is main + rest
  F rest;
};

template <bool SHORT>
inline Arc arc_of(F size) {
  const I large = size > 0.5;
  const F z = large ? 0.5 - 0.5 * size : size * size;
  const F root = Lanes::root(z);
  const F main = large ? root : size;
  if constexpr (SHORT) {
    return {large, main, main * z * polynomial(ASIN_SHORT, z)};
  }
  const F root_low = fma(-root, root, z) * Lanes::reciprocal(root + root);
  const F low = (large & (z != 0.0)) ? root_low : F{};
  return {large, main, fma(main * z, polynomial(ASIN, z), low)};
}

// a pi/4 - (main + rest), for whole a
template <bool SHORT>
inline F less_than_right_angle(F quarters, F main, F rest) {
  if constexpr (SHORT) {
    return fma(quarters, QUARTER_PI, -main) - rest;
  }
  const auto [high, low] = two_sum(quarters * QUARTER_PI, -main);
  return high + (low + fma(quarters, QUARTER_PI_REST, -rest));
}

template <bool SHORT>
inline Result asin_of(F x) {
  const auto [large, main, rest] = arc_of<SHORT>(magnitude(x));
  const F value = large ? less_than_right_angle<SHORT>(Lanes::of(2.0), main + main, rest + rest) : main + rest;
  return {with_sign_of(magnitude(value), x), I{}};
}

template <bool SHORT>
inline Result acos_of(F x) {
  const auto [large, main, rest] = arc_of<SHORT>(magnitude(x));
  const I negative = x < 0.0;
  const F twice = large ? Lanes::of(2.0) : Lanes::of(1.0);
  const F quarters = large ? (negative ? Lanes::of(4.0) : F{}) : Lanes::of(2.0);
  const F sign = (large & ~negative) ? Lanes::of(-1.0) : (large | ~negative) ? Lanes::of(1.0) : Lanes::of(-1.0);
  return {less_than_right_angle<SHORT>(quarters, sign * twice * main, sign * twice * rest), I{}};
}

// The arc of a tangent opposite / adjacent, both at least 0.
template <bool SHORT>
inline F arc_tangent(F opposite, F adjacent) {
  constexpr double EIGHTH = 0.4142135623730951;
  const I steep = opposite > adjacent * (1.0 / EIGHTH);
  const I middle = (opposite > adjacent * EIGHTH) & ~steep;
  const F up = steep ? -adjacent : middle ? opposite - adjacent : opposite;
  const F across = steep ? opposite : middle ? opposite + adjacent : adjacent;
  const F quarters = steep ? Lanes::of(2.0) : middle ? Lanes::of(1.0) : F{};
  const F t = quotient<SHORT>(up, across);
  const F z = t * t;
  if constexpr (SHORT) {
    return fma(quarters, QUARTER_PI, fma(t * z, polynomial(ATAN_SHORT, z), t));
  }
  const F t_low = fma(-t, across, up) * Lanes::reciprocal(across);
  const auto [high, low] = two_sum(quarters * QUARTER_PI, t);
  return high + (low + fma(quarters, QUARTER_PI_REST, fma(t * z, polynomial(ATAN, z), t_low)));
}

template <bool SHORT>
inline Result atan_of(F x) {
  const F size = magnitude(x);
  const I huge = size > 0x1p500;
  const F value = arc_tangent<SHORT>(huge ? Lanes::of(0x1p500) : size, Lanes::of(1.0));
  return {with_sign_of(magnitude(value), x), I{}};
}

template <bool SHORT>
inline Result atan2_of(F y, F x) {
  const F up = magnitude(y);
  const F across = magnitude(x);
  const F value = arc_tangent<SHORT>(up, across);
  const F whole = x < 0.0 ? less_than_right_angle<SHORT>(Lanes::of(4.0), value, F{}) : value;
  const F small = up < across ? up : across;
  const F large = up < across ? across : up;
  return {with_sign_of(whole, y), ~((small > 0x1p-500) & (large < 0x1p500) & (small > large * 0x1p-400))};
}

}  // namespace
}  // namespace assay::elementwise
