#include <cmath>
#include <type_traits>

#include "loop.h"
#include "tables.h"

namespace assay::elementwise {
namespace {

template <class T>
using Bits = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;

// Integers: nothing is divided by zero (the result is zero), and the lowest number by -1 wraps.
template <class T>
T floor_divided_integer(T a, T b) {
  if (b == T{0}) {
    return T{0};
  }
  if constexpr (std::is_signed_v<T>) {
    if (b == T{-1}) {
      return static_cast<T>(Bits<T>{0} - static_cast<Bits<T>>(a));
    }
    const bool rounds_up = a % b != 0 && (a < 0) != (b < 0);
    return static_cast<T>(a / b - (rounds_up ? 1 : 0));
  } else {
    return static_cast<T>(a / b);
  }
}

template <class T>
T remainder_integer(T a, T b) {
  if (b == T{0}) {
    return T{0};
  }
  if constexpr (std::is_signed_v<T>) {
    if (b == T{-1}) {
      return T{0};
    }
    const auto rest = static_cast<T>(a % b);
    return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
  } else {
    return static_cast<T>(a % b);
  }
}

// With the sign of the divisor.
template <class T>
T remainder_real(T a, T b) {
  const T rest = std::fmod(a, b);
  if (rest == T{0}) {
    return std::copysign(T{0}, b);
  }
  return (rest < T{0}) != (b < T{0}) ? rest + b : rest;
}

// The quotient whose product with b and the remainder make a: exact where a / b would round up to the next whole one.
template <class T>
T floor_divided_real(T a, T b) {
  if (b == T{0} || std::isinf(a) || std::isinf(b)) {
    return a / b;
  }
  const T rest = std::fmod(a, b);
  T whole = (a - rest) / b;
  if (rest != T{0} && (rest < T{0}) != (b < T{0})) {
    whole -= T{1};
  }
  const T below = std::floor(whole);
  const T rounded = whole - below > T{0.5} ? below + T{1} : below;
  return rounded == T{0} ? std::copysign(T{0}, a / b) : rounded;
}

constexpr auto floor_divide = [](auto a, auto b) {
  if constexpr (std::is_floating_point_v<decltype(a)>) {
    return floor_divided_real(a, b);
  } else {
    return floor_divided_integer(a, b);
  }
};
constexpr auto remainder = [](auto a, auto b) {
  if constexpr (std::is_floating_point_v<decltype(a)>) {
    return remainder_real(a, b);
  } else {
    return remainder_integer(a, b);
  }
};

// By squaring, wrapping. A negative exponent leaves something only of 1 and -1.
template <class T>
T integer_power(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < T{0}) {
      const bool odd = (exponent & 1) != 0;
      return base == T{1} || (base == T{-1} && !odd) ? T{1} : base == T{-1} ? T{-1} : T{0};
    }
  }
  Bits<T> result = 1;
  Bits<T> factor = static_cast<Bits<T>>(base);
  for (auto left = static_cast<Bits<T>>(exponent); left != 0; left >>= 1) {
    result = (left & 1) != 0 ? result * factor : result;
    factor *= factor;
  }
  return static_cast<T>(result);
}

constexpr auto power = [](auto a, auto b) {
  if constexpr (std::is_floating_point_v<decltype(a)>) {
    return std::pow(a, b);
  } else {
    return integer_power(a, b);
  }
};

// A shift by the width or more leaves nothing but the sign.
constexpr auto left_shift = [](auto a, auto b) {
  using T = decltype(a);
  constexpr auto WIDTH = static_cast<std::uint64_t>(sizeof(T) * 8);
  const auto distance = static_cast<std::uint64_t>(b);
  return distance < WIDTH ? static_cast<T>(static_cast<Bits<T>>(a) << distance) : T{0};
};
constexpr auto right_shift = [](auto a, auto b) {
  using T = decltype(a);
  constexpr auto WIDTH = static_cast<std::uint64_t>(sizeof(T) * 8);
  const auto distance = static_cast<std::uint64_t>(b);
  return static_cast<T>(a >> (distance < WIDTH ? distance : WIDTH - 1) >> (distance < WIDTH ? 0 : 1));
};

constexpr auto log_of_summed_exponentials = [](auto a, auto b) {
  using T = decltype(a);
  if (a == b) {
    return a + static_cast<T>(0.693147180559945309417232121458176568L);
  }
  const T high = a > b ? a : b;
  const T low = a > b ? b : a;
  return std::isnan(a) || std::isnan(b) ? a + b : high + std::log1p(std::exp(low - high));
};

}  // namespace

BinaryLoop real_binary(Binary operation, DType type) {
  switch (operation) {
    case Binary::floor_divide:
      return binary_among<floor_divide>(type, AllReals{});
    case Binary::remainder:
      return binary_among<remainder>(type, AllReals{});
    case Binary::pow:
      return binary_among<power>(type, AllReals{});
    case Binary::bitwise_left_shift:
      return binary_among<left_shift>(type, AllIntegers{});
    case Binary::bitwise_right_shift:
      return binary_among<right_shift>(type, AllIntegers{});
    case Binary::atan2:
      return binary_among<[](auto a, auto b) { return std::atan2(a, b); }>(type, RealFloats{});
    case Binary::hypot:
      return binary_among<[](auto a, auto b) { return std::hypot(a, b); }>(type, RealFloats{});
    case Binary::copysign:
      return binary_among<[](auto a, auto b) { return std::copysign(a, b); }>(type, RealFloats{});
    case Binary::nextafter:
      return binary_among<[](auto a, auto b) { return std::nextafter(a, b); }>(type, RealFloats{});
    case Binary::logaddexp:
      return binary_among<log_of_summed_exponentials>(type, RealFloats{});
    default:
      return nullptr;
  }
}

}  // namespace assay::elementwise
