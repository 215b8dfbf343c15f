// log, log2, log10, log1p, and what is made of them: log x = n log 2 + log m with m between sqrt(1/2) and sqrt(2), and
// log m = 2 atanh s with s = (m - 1) / (m + 1).
#pragma once

#include "exponential.h"

namespace assay::elementwise {
namespace {

constexpr double LN2 = 0.6931471805599453;
constexpr double LOG10_E = 0.4342944819032518;
constexpr double LOG10_E_REST = 1.098319650216765e-17;
constexpr double LOG2_E_REST = 2.0355273740931033e-17;
constexpr double LOG10_2_HIGH = 0.3010299955494702;  // 21 zero bits at the end
constexpr double LOG10_2_LOW = 1.1451100898021838e-10;

// (2 atanh s - 2 s) / s^3 in s^2; largest relative errors of the logarithm: 2e-18 and 2e-9.
constexpr double LOG[] = {0.6666666666666735, 0.399999999994109,   0.2857142874329754, 0.22222198472965962,
                          0.181835698758222,  0.15313900174827252, 0.14797535223167807};
constexpr double LOG_SHORT[] = {0.6666677671711004, 0.3997749559425261, 0.29873072915165927};

struct Split {
  F n;
  F m;
};

// Of a positive normal number.
inline Split split(F x) {
  constexpr std::uint64_t ROOT_HALF = 0x3FE6A09E667F3BCD;
  // Without signs, since numbers for which nobody wants the result come here too, and may wrap around.
  const U above = __builtin_bit_cast(U, x) - ROOT_HALF;
  const U exponent = above & ~std::uint64_t{0xFFFFFFFFFFFFF};
  const F m = __builtin_bit_cast(F, __builtin_bit_cast(U, x) - exponent);
  // The exponent stands in the upper bits, made positive to be moved down, and becomes a float's lowest bits.
  constexpr std::uint64_t OFFSET = std::uint64_t{1} << 62;
  const U moved = ((exponent + OFFSET) >> 52) + __builtin_bit_cast(std::uint64_t, 0x1p52);
  return {__builtin_bit_cast(F, moved) - (0x1p52 + 1024.0), m};
}

inline I not_normal(F x) { return ~((x >= 0x1p-1022) & (x < __builtin_inf())); }

template <bool SHORT>
inline F log_of_normal(F x) {
  const auto [n, m] = split(x);
  const F f = m - 1.0;
  const F s = quotient<SHORT>(f, 2.0 + f);
  const F z = s * s;
  const F half = 0.5 * f * f;
  if constexpr (SHORT) {
    return fma(n, LN2, f - (half - s * fma(z, polynomial(LOG_SHORT, z), half)));
  }
  const F rest = fma(n, LN2_LOW, s * fma(z, polynomial(LOG, z), half));
  return fma(n, LN2_HIGH, f - (half - rest));
}

template <bool SHORT>
inline Result log_of(F x) {
  return {log_of_normal<SHORT>(x), not_normal(x)};
}

// The logarithm of m as a pair, exact to some 2^-56 of it.
inline Pair log_pair(F f) {
  const auto [square, square_low] = two_product(f, f);
  const auto [high, low] = quick_sum(f, -0.5 * square);
  const F s = f / (2.0 + f);
  const F z = s * s;
  return quick_sum(high, fma(s, fma(z, polynomial(LOG, z), 0.5 * square), low - 0.5 * square_low));
}

inline F log_in_base(F x, double factor, double factor_low, double two_high, double two_low) {
  const auto [n, m] = split(x);
  const auto [high, low] = log_pair(m - 1.0);
  const auto [product, product_low] = two_product(high, Lanes::of(factor));
  const auto [sum, sum_low] = two_sum(n * two_high, product);
  return sum + (sum_low + fma(n, two_low, fma(high, factor_low, fma(low, factor, product_low))));
}

template <bool SHORT>
inline Result log2_of(F x) {
  return {log_in_base(x, LOG2_E, LOG2_E_REST, 1.0, 0.0), not_normal(x)};
}

template <bool SHORT>
inline Result log10_of(F x) {
  return {log_in_base(x, LOG10_E, LOG10_E_REST, LOG10_2_HIGH, LOG10_2_LOW), not_normal(x)};
}

// log(1 + x + x_low) = log u + c / u, where u = 1 + x is rounded and c what that lost.
template <bool SHORT>
inline F log1p_inside(F x, F x_low = F{}) {
  const auto [u, lost] = two_sum(Lanes::of(1.0), x);
  const auto [n, m] = split(u);
  const I near = n == 0.0;
  // Near 1, x itself is the exact m - 1.
  const F f = near ? x : m - 1.0;
  const F s = quotient<SHORT>(f, 2.0 + f);
  const F z = s * s;
  const F half = 0.5 * f * f;
  if constexpr (SHORT) {
    return fma(n, LN2, f - (half - s * fma(z, polynomial(LOG_SHORT, z), half)));
  }
  const F correction = (near ? x_low : lost + x_low) * Lanes::reciprocal(u);
  const F rest = fma(n, LN2_LOW, correction) + s * fma(z, polynomial(LOG, z), half);
  return fma(n, LN2_HIGH, f - (half - rest));
}

template <bool SHORT>
inline Result log1p_of(F x) {
  return {with_sign_of(magnitude(log1p_inside<SHORT>(x)), x), ~((x > -1.0 + 0x1p-53) & (x < 0x1p1000))};
}

template <bool SHORT>
inline Result atanh_of(F x) {
  const F size = magnitude(x);
  return {with_sign_of(0.5 * log1p_inside<SHORT>(2.0 * size / (1.0 - size)), x), ~(size < 1.0 - 0x1p-40)};
}

template <bool SHORT>
inline Result asinh_of(F x) {
  const F size = magnitude(x);
  const F square = size * size;
  const F value = log1p_inside<SHORT>(size + square / (1.0 + Lanes::root(1.0 + square)));
  return {with_sign_of(value, x), ~(size < 0x1p200)};
}

template <bool SHORT>
inline Result acosh_of(F x) {
  const F above = x - 1.0;
  const F square = fma(above, above, 2.0 * above);
  const F root = Lanes::root(square);
  const F root_low = square > 0.0 ? fma(-root, root, square) * Lanes::reciprocal(root + root) : F{};
  const auto [sum, low] = two_sum(above, root);
  return {log1p_inside<SHORT>(sum, low + root_low), ~((x >= 1.0) & (x < 0x1p200))};
}

// log(e^a + e^b) = max + log1p(e^(min - max)).
template <bool SHORT>
inline Result logaddexp_of(F a, F b) {
  const F larger = a > b ? a : b;
  const F away = -magnitude(a - b);
  const I odd = ~(magnitude(larger) < 0x1p1000) | ~(away > -0x1p1000);
  return {larger + log1p_inside<SHORT>(exponential<SHORT>(away)), odd};
}

}  // namespace
}  // namespace assay::elementwise
