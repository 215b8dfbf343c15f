// What the functions here are made of. Everything is in an unnamed namespace, compiled once for each rung; `Lanes` is
// the rung's. Numbers are computed in fp64; for fp32 shorter polynomials do (`SHORT`), and errors stay below half a
// unit in the last place and a tenth. In fp64 they are below two units.
//
// Lanes that a function has no formula for (`odd`: huge, denormal, not-a-number …) are left to the C library.
#pragma once

#include <cstdint>

namespace assay::elementwise {
namespace {

using F = Lanes::F;
using I = Lanes::I;
using U [[gnu::vector_size(sizeof(F))]] = std::uint64_t;

// A result, and which lanes of it the C library has to compute.
struct Result {
  F value;
  I odd;
};

// The sum of both is the number; `low` is less than a unit in the last place of `high`.
struct Pair {
  F high;
  F low;
};

inline F fma(F a, F b, F c) { return Lanes::fma(a, b, c); }
inline F fma(F a, F b, double c) { return Lanes::fma(a, b, Lanes::of(c)); }
inline F fma(F a, double b, F c) { return Lanes::fma(a, Lanes::of(b), c); }

// Half of fp64's digits, which is more than fp32 shows.
template <bool SHORT>
inline F quotient(F a, F b) {
  return SHORT ? a * Lanes::reciprocal(b) : a / b;
}

// c[0] + c[1] x + …
template <std::size_t COUNT>
inline F polynomial(const double (&c)[COUNT], F x) {
  F sum = Lanes::of(c[COUNT - 1]);
  for (std::size_t i = COUNT - 1; i-- > 0;) {
    sum = fma(sum, x, c[i]);
  }
  return sum;
}

inline F bits_and(F a, std::int64_t bits) { return __builtin_bit_cast(F, __builtin_bit_cast(I, a) & bits); }
inline F magnitude(F a) { return bits_and(a, INT64_MAX); }
inline F with_sign_of(F a, F sign) {
  return __builtin_bit_cast(F, __builtin_bit_cast(I, a) | (__builtin_bit_cast(I, sign) & INT64_MIN));
}

// Adding this rounds to a whole number, whose low bits are then those of the sum.
constexpr double ROUNDER = 0x1.8p52;

inline Pair two_sum(F a, F b) {
  const F sum = a + b;
  const F part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

// For |a| >= |b|.
inline Pair quick_sum(F a, F b) {
  const F sum = a + b;
  return {sum, b - (sum - a)};
}

inline Pair two_product(F a, F b) {
  const F product = a * b;
  return {product, fma(a, b, -product)};
}

}  // namespace
}  // namespace assay::elementwise
