// The loops that compilers turn into vector code, compiled once for each rung.
// Everything is in an unnamed namespace and calls no library: a file compiled for AVX-512 must not define anything that
// the linker could choose for other files too.
#pragma once

#include <cstdint>
#include <type_traits>

#include "assay/kernels/elementwise.h"

// An output may be one of the inputs, element by element, so that no order of the iterations is wrong.
#if defined(__clang__)
#define ASSAY_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define ASSAY_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace assay::elementwise {
namespace {

// Integers wrap: arithmetic is done in an unsigned type that no operand is promoted out of.
template <class T, bool is_integer = std::is_integral_v<T>>
struct Arithmetic {
  using type = T;
};
template <class T>
struct Arithmetic<T, true> {
  using type = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;
};
template <class T>
using Wide = typename Arithmetic<T>::type;

struct Add {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(static_cast<Wide<T>>(a) + static_cast<Wide<T>>(b));
  }
};
struct Subtract {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(static_cast<Wide<T>>(a) - static_cast<Wide<T>>(b));
  }
};
struct Multiply {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b));
  }
};
struct Divide {
  template <class T>
  static T of(T a, T b) {
    return a / b;
  }
};
// NaN wins, as the standard has it.
struct Minimum {
  template <class T>
  static T of(T a, T b) {
    return ((a < b) | (a != a)) ? a : b;
  }
};
struct Maximum {
  template <class T>
  static T of(T a, T b) {
    return ((a > b) | (a != a)) ? a : b;
  }
};
struct And {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <class T>
  static T of(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};
struct Equal {
  template <class T>
  static bool of(T a, T b) {
    return a == b;
  }
};
struct NotEqual {
  template <class T>
  static bool of(T a, T b) {
    return a != b;
  }
};
struct Less {
  template <class T>
  static bool of(T a, T b) {
    return a < b;
  }
};
struct LessEqual {
  template <class T>
  static bool of(T a, T b) {
    return a <= b;
  }
};
struct Greater {
  template <class T>
  static bool of(T a, T b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <class T>
  static bool of(T a, T b) {
    return a >= b;
  }
};

struct Negative {
  template <class T>
  static T of(T a) {
    if constexpr (std::is_integral_v<T>) {
      return static_cast<T>(Wide<T>{0} - static_cast<Wide<T>>(a));
    } else {
      return -a;
    }
  }
};
struct Abs {
  static float of(float a) { return __builtin_fabsf(a); }
  static double of(double a) { return __builtin_fabs(a); }
  template <class T>
  static T of(T a) {
    return a < T{0} ? Negative::of(a) : a;
  }
};
struct Square {
  template <class T>
  static T of(T a) {
    return Multiply::of(a, a);
  }
};
struct Sqrt {
  static float of(float a) { return __builtin_sqrtf(a); }
  static double of(double a) { return __builtin_sqrt(a); }
};
#define ASSAY_ROUNDING(Name, builtin)                  \
  struct Name {                                        \
    static float of(float a) { return builtin##f(a); } \
    static double of(double a) { return builtin(a); }  \
  };
ASSAY_ROUNDING(Floor, __builtin_floor)
ASSAY_ROUNDING(Ceil, __builtin_ceil)
ASSAY_ROUNDING(Trunc, __builtin_trunc)
ASSAY_ROUNDING(Round, __builtin_rint)
#undef ASSAY_ROUNDING
struct Reciprocal {
  template <class T>
  static T of(T a) {
    return T{1} / a;
  }
};
struct Invert {
  template <class T>
  static T of(T a) {
    return static_cast<T>(~a);
  }
};
struct Not {
  template <class T>
  static bool of(T a) {
    return a == T{0};
  }
};
struct IsNan {
  template <class T>
  static bool of(T a) {
    return a != a;
  }
};
struct IsInf {
  template <class T>
  static bool of(T a) {
    return Abs::of(a) == static_cast<T>(__builtin_inf());
  }
};
struct IsFinite {
  template <class T>
  static bool of(T a) {
    return a - a == T{0};
  }
};

template <class Operation, class T>
void unary_loop(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride,
                std::int64_t count) {
  using Result = decltype(Operation::of(T{}));
  if (in_stride == sizeof(T) && out_stride == sizeof(Result)) {
    const T* const from = reinterpret_cast<const T*>(in);
    Result* const to = reinterpret_cast<Result*>(out);
    ASSAY_INDEPENDENT
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = Operation::of(from[i]);
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    *reinterpret_cast<Result*>(out + i * out_stride) = Operation::of(*reinterpret_cast<const T*>(in + i * in_stride));
  }
}

// All contiguous, or one side the same for every element.
template <class Operation, class T>
bool contiguous(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
                std::int64_t count) {
  using Result = decltype(Operation::of(T{}, T{}));
  constexpr auto STEP = static_cast<std::int64_t>(sizeof(T));
  const T* const left = reinterpret_cast<const T*>(a);
  const T* const right = reinterpret_cast<const T*>(b);
  Result* const to = reinterpret_cast<Result*>(out);
  if (a_stride == STEP && b_stride == STEP) {
    ASSAY_INDEPENDENT
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = Operation::of(left[i], right[i]);
    }
    return true;
  }
  if (a_stride == STEP && b_stride == 0) {
    const T same = *right;
    ASSAY_INDEPENDENT
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = Operation::of(left[i], same);
    }
    return true;
  }
  if (a_stride == 0 && b_stride == STEP) {
    const T same = *left;
    ASSAY_INDEPENDENT
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = Operation::of(same, right[i]);
    }
    return true;
  }
  return false;
}

template <class Operation, class T>
void binary_loop(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
                 std::int64_t out_stride, std::int64_t count) {
  using Result = decltype(Operation::of(T{}, T{}));
  if (out_stride == sizeof(Result) && contiguous<Operation, T>(a, a_stride, b, b_stride, out, count)) {
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    *reinterpret_cast<Result*>(out + i * out_stride) =
        Operation::of(*reinterpret_cast<const T*>(a + i * a_stride), *reinterpret_cast<const T*>(b + i * b_stride));
  }
}

template <class... T>
struct Types {};
using Floats = Types<float, double>;
using Signed = Types<std::int8_t, std::int16_t, std::int32_t, std::int64_t, float, double>;
using Integers = Types<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                       std::uint32_t, std::uint64_t>;
using Reals = Types<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t,
                    std::uint64_t, float, double>;

template <class Operation, class... T>
UnaryLoop unary_for(DType type, Types<T...>) {
  UnaryLoop found = nullptr;
  ((type == dtype_of<T> ? void(found = &unary_loop<Operation, T>) : void()), ...);
  return found;
}

template <class Operation, class... T>
BinaryLoop binary_for(DType type, Types<T...>) {
  BinaryLoop found = nullptr;
  ((type == dtype_of<T> ? void(found = &binary_loop<Operation, T>) : void()), ...);
  return found;
}

UnaryLoop unary_table(Unary operation, DType type) {
  const DType bits = type == DType::boolean ? DType::u8 : type;
  switch (operation) {
    case Unary::negative:
      return unary_for<Negative>(type, Reals{});
    case Unary::abs:
      return unary_for<Abs>(type, Signed{});
    case Unary::square:
      return unary_for<Square>(type, Reals{});
    case Unary::sqrt:
      return unary_for<Sqrt>(type, Floats{});
    case Unary::reciprocal:
      return unary_for<Reciprocal>(type, Floats{});
    case Unary::floor:
      return unary_for<Floor>(type, Floats{});
    case Unary::ceil:
      return unary_for<Ceil>(type, Floats{});
    case Unary::trunc:
      return unary_for<Trunc>(type, Floats{});
    case Unary::round:
      return unary_for<Round>(type, Floats{});
    case Unary::bitwise_invert:
      return type == DType::boolean ? &unary_loop<Not, std::uint8_t> : unary_for<Invert>(type, Integers{});
    case Unary::logical_not:
      return unary_for<Not>(bits, Reals{});
    case Unary::isnan:
      return unary_for<IsNan>(type, Floats{});
    case Unary::isinf:
      return unary_for<IsInf>(type, Floats{});
    case Unary::isfinite:
      return unary_for<IsFinite>(type, Floats{});
    default:
      return nullptr;
  }
}

BinaryLoop comparison(Binary operation, DType type) {
  switch (operation) {
    case Binary::equal:
      return binary_for<Equal>(type, Reals{});
    case Binary::not_equal:
      return binary_for<NotEqual>(type, Reals{});
    case Binary::less:
      return binary_for<Less>(type, Reals{});
    case Binary::less_equal:
      return binary_for<LessEqual>(type, Reals{});
    case Binary::greater:
      return binary_for<Greater>(type, Reals{});
    case Binary::greater_equal:
      return binary_for<GreaterEqual>(type, Reals{});
    default:
      return nullptr;
  }
}

// A bool is a byte of 0 or 1.
BinaryLoop bits(Binary operation, DType type) {
  const bool logical = type == DType::boolean;
  const DType stored = logical ? DType::u8 : type;
  switch (operation) {
    case Binary::bitwise_and:
      return binary_for<And>(stored, Integers{});
    case Binary::bitwise_or:
      return binary_for<Or>(stored, Integers{});
    case Binary::bitwise_xor:
      return binary_for<Xor>(stored, Integers{});
    case Binary::logical_and:
      return logical ? &binary_loop<And, std::uint8_t> : nullptr;
    case Binary::logical_or:
      return logical ? &binary_loop<Or, std::uint8_t> : nullptr;
    case Binary::logical_xor:
      return logical ? &binary_loop<Xor, std::uint8_t> : nullptr;
    default:
      return comparison(operation, stored);
  }
}

BinaryLoop binary_table(Binary operation, DType type) {
  switch (operation) {
    case Binary::add:
      return binary_for<Add>(type, Reals{});
    case Binary::subtract:
      return binary_for<Subtract>(type, Reals{});
    case Binary::multiply:
      return binary_for<Multiply>(type, Reals{});
    case Binary::divide:
      return binary_for<Divide>(type, Floats{});
    case Binary::minimum:
      return binary_for<Minimum>(type, Reals{});
    case Binary::maximum:
      return binary_for<Maximum>(type, Reals{});
    default:
      return bits(operation, type);
  }
}

}  // namespace
}  // namespace assay::elementwise
