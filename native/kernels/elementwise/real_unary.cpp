#include <cmath>
#include <type_traits>

#include "loop.h"
#include "tables.h"

namespace assay::elementwise {
namespace {

constexpr auto same = [](auto a) { return a; };
constexpr auto never = [](auto) { return false; };
constexpr auto always = [](auto) { return true; };
constexpr auto sign = [](auto a) {
  using T = decltype(a);
  return a != a ? a : static_cast<T>((a > T{0}) - (a < T{0}));
};
constexpr auto signbit = [](auto a) {
  if constexpr (std::is_floating_point_v<decltype(a)>) {
    return std::signbit(a);
  } else {
    return a < decltype(a){0};
  }
};

UnaryLoop of_integer(Unary operation, DType type) {
  switch (operation) {
    case Unary::abs:  // of unsigned ones; the others are in the vector rungs
    case Unary::ceil:
    case Unary::conj:
    case Unary::floor:
    case Unary::round:
    case Unary::trunc:
      return unary_among<same>(type, AllIntegers{});
    case Unary::isfinite:
      return unary_among<always>(type, AllIntegers{});
    case Unary::isinf:
    case Unary::isnan:
      return unary_among<never>(type, AllIntegers{});
    default:
      return nullptr;
  }
}

#define ASSAY_LIBRARY(name) \
  case Unary::name:         \
    return unary_among<[](auto a) { return std::name(a); }>(type, RealFloats{});

UnaryLoop of_library(Unary operation, DType type) {
  switch (operation) {
    ASSAY_LIBRARY(acos)
    ASSAY_LIBRARY(acosh)
    ASSAY_LIBRARY(asin)
    ASSAY_LIBRARY(asinh)
    ASSAY_LIBRARY(atan)
    ASSAY_LIBRARY(atanh)
    ASSAY_LIBRARY(cos)
    ASSAY_LIBRARY(cosh)
    ASSAY_LIBRARY(exp)
    ASSAY_LIBRARY(expm1)
    ASSAY_LIBRARY(log)
    ASSAY_LIBRARY(log10)
    ASSAY_LIBRARY(log1p)
    ASSAY_LIBRARY(log2)
    ASSAY_LIBRARY(sin)
    ASSAY_LIBRARY(sinh)
    ASSAY_LIBRARY(tan)
    ASSAY_LIBRARY(tanh)
    default:
      return nullptr;
  }
}
#undef ASSAY_LIBRARY

}  // namespace

UnaryLoop real_unary(Unary operation, DType type) {
  switch (operation) {
    case Unary::conj:
      return is_integer(type) ? of_integer(operation, type) : unary_among<same>(type, RealFloats{});
    case Unary::sign:
      return unary_among<sign>(type, AllReals{});
    case Unary::signbit:
      return unary_among<signbit>(type, AllReals{});
    default:
      break;
  }
  if (type == DType::boolean) {
    const bool finite = operation == Unary::isfinite;
    const bool asks = finite || operation == Unary::isinf || operation == Unary::isnan;
    return asks ? of_integer(operation, DType::u8) : nullptr;
  }
  return is_integer(type) ? of_integer(operation, type) : of_library(operation, type);
}

}  // namespace assay::elementwise
