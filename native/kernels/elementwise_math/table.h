// The loops that a rung registers.
#pragma once

#include "assay/kernels/elementwise.h"
#include "inverse.h"
#include "power.h"

namespace assay::elementwise {
namespace {

#define ASSAY_MATH_UNARY(X) \
  X(acos)                   \
  X(acosh)                  \
  X(asin)                   \
  X(asinh)                  \
  X(atan) X(atanh) X(cos) X(cosh) X(exp) X(expm1) X(log) X(log10) X(log1p) X(log2) X(sin) X(sinh) X(tan) X(tanh)

// An operation: its lanes, and the C library for those it has no formula for.
#define ASSAY_OPERATION(name)                                       \
  struct Math_##name {                                              \
    template <bool SHORT>                                           \
    static Result of(F x) {                                         \
      return name##_of<SHORT>(x);                                   \
    }                                                               \
    static double library(double x) { return __builtin_##name(x); } \
  };
ASSAY_MATH_UNARY(ASSAY_OPERATION)
#undef ASSAY_OPERATION

inline double library_logaddexp(double a, double b) {
  const double larger = a > b ? a : b;
  const double away = a > b ? b - a : a - b;
  return a == b ? a + LN2 : away == away ? larger + __builtin_log1p(__builtin_exp(away)) : away;
}

#define ASSAY_OPERATION(name, fallback)                                  \
  struct Math_##name {                                                   \
    template <bool SHORT>                                                \
    static Result of(F a, F b) {                                         \
      return name##_of<SHORT>(a, b);                                     \
    }                                                                    \
    static double library(double a, double b) { return fallback(a, b); } \
  };
ASSAY_OPERATION(atan2, __builtin_atan2)
ASSAY_OPERATION(hypot, __builtin_hypot)
ASSAY_OPERATION(logaddexp, library_logaddexp)
ASSAY_OPERATION(pow, __builtin_pow)
#undef ASSAY_OPERATION

constexpr std::int64_t COUNT = Lanes::COUNT;

// COUNT elements, fewer at the end, wherever they lie.
template <class T>
F gathered(const std::byte* from, std::int64_t stride, std::int64_t count) {
  if (stride == sizeof(T) && count >= COUNT) {
    return Lanes::load(reinterpret_cast<const T*>(from));
  }
  T values[COUNT];
  for (std::int64_t i = 0; i < COUNT; ++i) {
    values[i] = i < count ? *reinterpret_cast<const T*>(from + i * stride) : T{1};
  }
  return Lanes::load(values);
}

template <class T>
void scattered(F values, std::byte* to, std::int64_t stride, std::int64_t count) {
  if (stride == sizeof(T) && count >= COUNT) {
    return Lanes::store(reinterpret_cast<T*>(to), values);
  }
  T stored[COUNT];
  Lanes::store(stored, values);
  for (std::int64_t i = 0; i < (count < COUNT ? count : COUNT); ++i) {
    *reinterpret_cast<T*>(to + i * stride) = stored[i];
  }
}

template <class Operation, class... Operand>
[[gnu::noinline]] F with_odd_lanes(F values, unsigned odd, Operand... operands) {
  double computed[COUNT];
  Lanes::store(computed, values);
  double given[sizeof...(Operand)][COUNT];
  std::size_t place = 0;
  (Lanes::store(given[place++], operands), ...);
  for (; odd != 0; odd &= odd - 1) {
    const auto lane = static_cast<std::size_t>(__builtin_ctz(odd));
    if constexpr (sizeof...(Operand) == 1) {
      computed[lane] = Operation::library(given[0][lane]);
    } else {
      computed[lane] = Operation::library(given[0][lane], given[1][lane]);
    }
  }
  return Lanes::load(computed);
}

template <class Operation, class T, class... Operand>
F computed(Operand... operands) {
  const Result result = Operation::template of < sizeof(T) == 4 > (operands...);
  const unsigned odd = Lanes::mask(result.odd);
  return odd == 0 ? result.value : with_odd_lanes<Operation>(result.value, odd, operands...);
}

template <class Operation, class T>
void math_unary(const std::byte* in, std::int64_t in_stride, std::byte* out, std::int64_t out_stride,
                std::int64_t count) {
  for (; count > 0; count -= COUNT) {
    scattered<T>(computed<Operation, T>(gathered<T>(in, in_stride, count)), out, out_stride, count);
    in += COUNT * in_stride;
    out += COUNT * out_stride;
  }
}

template <class Operation, class T>
void math_binary(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
                 std::int64_t out_stride, std::int64_t count) {
  for (; count > 0; count -= COUNT) {
    const F left = gathered<T>(a, a_stride, count);
    const F right = gathered<T>(b, b_stride, count);
    scattered<T>(computed<Operation, T>(left, right), out, out_stride, count);
    a += COUNT * a_stride;
    b += COUNT * b_stride;
    out += COUNT * out_stride;
  }
}

// The powers that everybody writes.
template <class T, BinaryLoop general>
void pow_loop(const std::byte* a, std::int64_t a_stride, const std::byte* b, std::int64_t b_stride, std::byte* out,
              std::int64_t out_stride, std::int64_t count) {
  const T exponent = *reinterpret_cast<const T*>(b);
  if (b_stride != 0 || (exponent != T{2} && exponent != T{-1}) || a_stride != sizeof(T) || out_stride != sizeof(T)) {
    return general(a, a_stride, b, b_stride, out, out_stride, count);
  }
  const T* const from = reinterpret_cast<const T*>(a);
  T* const to = reinterpret_cast<T*>(out);
  if (exponent == T{2}) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = from[i] * from[i];
    }
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = T{1} / from[i];
    }
  }
}

template <class T>
UnaryLoop math_unary_of(Unary operation) {
  switch (operation) {
#define ASSAY_CASE(name) \
  case Unary::name:      \
    return &math_unary<Math_##name, T>;
    ASSAY_MATH_UNARY(ASSAY_CASE)
#undef ASSAY_CASE
    default:
      return nullptr;
  }
}

template <class T>
BinaryLoop math_binary_of(Binary operation) {
  switch (operation) {
    case Binary::atan2:
      return &math_binary<Math_atan2, T>;
    case Binary::hypot:
      return &math_binary<Math_hypot, T>;
    case Binary::logaddexp:
      return &math_binary<Math_logaddexp, T>;
    case Binary::pow:
      return &pow_loop<T, &math_binary<Math_pow, T>>;
    default:
      return nullptr;
  }
}

UnaryLoop math_unary_table(Unary operation, DType type) {
  return type == DType::f32   ? math_unary_of<float>(operation)
         : type == DType::f64 ? math_unary_of<double>(operation)
                              : nullptr;
}

BinaryLoop math_binary_table(Binary operation, DType type) {
  return type == DType::f32   ? math_binary_of<float>(operation)
         : type == DType::f64 ? math_binary_of<double>(operation)
                              : nullptr;
}

}  // namespace
}  // namespace assay::elementwise
