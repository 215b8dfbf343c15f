// pow and hypot.
#pragma once

#include "logarithm.h"

namespace assay::elementwise {
namespace {

constexpr double TWO_THIRDS = 0.6666666666666666;
constexpr double TWO_THIRDS_REST = 3.700743415417188e-17;

// ((2 atanh s / s - 2) / s^2 - 2/3) / s^2 in s^2; an error of 2e-20 of the logarithm.
constexpr double LOG_FIFTH[] = {0.4000000000000227,  0.28571428570091884, 0.22222222521350427, 0.1818178423770639,
                                0.15386763488081884, 0.13256670093375478, 0.1319773670169147};

// log(1 + f) to some 2^-64 of it, since an exponent multiplies its error by up to 700.
inline Pair exact_log(F f) {
  const auto [below, below_low] = quick_sum(Lanes::of(2.0), f);
  const F s = f / below;
  const F s_low = (fma(-s, below, f) - s * below_low) * Lanes::reciprocal(below);
  const auto [z, z_rounded] = two_product(s, s);
  const F z_low = fma(s + s, s_low, z_rounded);
  const auto [cube, cube_rounded] = two_product(s, z);
  const F cube_low = cube_rounded + fma(s, z_low, s_low * z);
  const auto [third, third_rounded] = two_product(cube, Lanes::of(TWO_THIRDS));
  const F third_low = third_rounded + fma(cube, TWO_THIRDS_REST, cube_low * TWO_THIRDS);
  const auto [high, low] = quick_sum(s + s, third);
  return quick_sum(high, low + fma(cube * z, polynomial(LOG_FIFTH, z), third_low + (s_low + s_low)));
}

inline F power_of(F base, F exponent) {
  const auto [n, m] = split(base);
  const auto [log, log_low] = exact_log(m - 1.0);
  const auto [sum, sum_low] = two_sum(n * LN2_HIGH, log);
  const auto [whole, whole_low] = quick_sum(sum, sum_low + fma(n, LN2_LOW, log_low));
  const auto [product, product_rounded] = two_product(whole, exponent);
  const F rest = fma(whole_low, exponent, product_rounded);
  const auto [steps, r, r_low] = reduce_exponent(product);
  const F curved = r * r * polynomial(EXP, r);
  // `rest` may be 2^-43: it counts as often as e^r says.
  const F tail = curved + (r_low + fma(r + curved, rest, rest));
  return Lanes::scale(1.0 + (r + tail), steps);
}

template <bool SHORT>
inline Result pow_of(F x, F y) {
  const F base = magnitude(x);
  const I in_range = magnitude(y) < 0x1p50;
  const F exponent = in_range ? y : F{};
  const F log = log_of_normal<false>(base);
  const F value = SHORT ? exponential<SHORT>(log * exponent) : power_of(base, exponent);
  const F whole = (exponent + ROUNDER) - ROUNDER;
  const F half = exponent * 0.5;
  const I is_whole = whole == exponent;
  const I is_odd = is_whole & (((half + ROUNDER) - ROUNDER) != half);
  const I outside = not_normal(base) | ~in_range | ((x < 0.0) & ~is_whole) | (magnitude(log * exponent) > 700.0);
  return {((x < 0.0) & is_odd) ? -value : value, outside};
}

template <bool SHORT>
inline Result hypot_of(F x, F y) {
  const F a = magnitude(x);
  const F b = magnitude(y);
  const F large = a > b ? a : b;
  const F small = a > b ? b : a;
  const auto [square, square_low] = two_product(large, large);
  const F sum = fma(small, small, square);
  const F lost = (square - sum) + small * small + square_low;
  const F root = Lanes::root(sum);
  const F value = root + (fma(-root, root, sum) + lost) * Lanes::reciprocal(root + root);
  return {value, ~((large > 0x1p-400) & (large < 0x1p400))};
}

}  // namespace
}  // namespace assay::elementwise
