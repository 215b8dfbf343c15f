#include <cmath>
#include <complex>
#include <numbers>

#include "loop.h"
#include "tables.h"

namespace assay::elementwise {
namespace {

using Complexes = TypeList<std::complex<float>, std::complex<double>>;

template <class T>
bool any_nan(std::complex<T> z) {
  return std::isnan(z.real()) || std::isnan(z.imag());
}

constexpr auto sign = []<class T>(std::complex<T> z) {
  const T size = std::abs(z);
  return any_nan(z) ? std::complex<T>(NAN, NAN) : size == T{0} ? std::complex<T>() : z / size;
};
// Without the cancellation of exp(z) - 1 near zero.
constexpr auto expm1 = []<class T>(std::complex<T> z) {
  if (!std::isfinite(z.real()) || !std::isfinite(z.imag())) {
    return std::exp(z) - T{1};
  }
  const T half_sine = std::sin(z.imag() / 2);
  const T real = std::expm1(z.real()) * std::cos(z.imag()) - 2 * half_sine * half_sine;
  return std::complex<T>(real + T{0}, std::exp(z.real()) * std::sin(z.imag()));  // never -0.0
};
constexpr auto log1p = []<class T>(std::complex<T> z) {
  const T x = z.real();
  const T y = z.imag();
  const bool small = std::abs(x) < T{0.5} && std::abs(y) < T{0.5};
  return small ? std::complex<T>(std::log1p(x * (2 + x) + y * y) / 2, std::atan2(y, 1 + x))
               : std::log(std::complex<T>(1 + x, y));
};
constexpr auto round = []<class T>(std::complex<T> z) {
  return std::complex<T>(std::nearbyint(z.real()), std::nearbyint(z.imag()));
};
constexpr auto isfinite = []<class T>(std::complex<T> z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); };
constexpr auto isinf = []<class T>(std::complex<T> z) { return std::isinf(z.real()) || std::isinf(z.imag()); };
constexpr auto isnan = []<class T>(std::complex<T> z) { return any_nan(z); };
// At infinity the C++ library gives the zero the sign of a sine; the standard wants that of the number.
constexpr auto tanh = []<class T>(std::complex<T> z) {
  const bool far = std::isinf(z.real()) && std::isfinite(z.imag());
  return far ? std::complex<T>(std::copysign(T{1}, z.real()), std::copysign(T{0}, z.imag())) : std::tanh(z);
};
constexpr auto scaled_log = []<class T>(std::complex<T> z, T scale) {
  const std::complex<T> log = std::log(z);
  return std::complex<T>(log.real() * scale, log.imag() * scale);
};
constexpr auto log2 = []<class T>(std::complex<T> z) { return scaled_log(z, std::numbers::log2e_v<T>); };
constexpr auto log10 = []<class T>(std::complex<T> z) { return scaled_log(z, std::numbers::log10e_v<T>); };

#define ASSAY_LIBRARY(name) \
  case Unary::name:         \
    return unary_among<[](auto z) { return std::name(z); }>(type, Complexes{});

UnaryLoop of_library(Unary operation, DType type) {
  switch (operation) {
    ASSAY_LIBRARY(abs)
    ASSAY_LIBRARY(acos)
    ASSAY_LIBRARY(acosh)
    ASSAY_LIBRARY(asin)
    ASSAY_LIBRARY(asinh)
    ASSAY_LIBRARY(atan)
    ASSAY_LIBRARY(atanh)
    ASSAY_LIBRARY(conj)
    ASSAY_LIBRARY(cos)
    ASSAY_LIBRARY(cosh)
    ASSAY_LIBRARY(exp)
    ASSAY_LIBRARY(log)
    ASSAY_LIBRARY(sin)
    ASSAY_LIBRARY(sinh)
    ASSAY_LIBRARY(sqrt)
    ASSAY_LIBRARY(tan)
    default:
      return nullptr;
  }
}
#undef ASSAY_LIBRARY

}  // namespace

UnaryLoop complex_unary(Unary operation, DType type) {
  switch (operation) {
    case Unary::expm1:
      return unary_among<expm1>(type, Complexes{});
    case Unary::isfinite:
      return unary_among<isfinite>(type, Complexes{});
    case Unary::isinf:
      return unary_among<isinf>(type, Complexes{});
    case Unary::isnan:
      return unary_among<isnan>(type, Complexes{});
    case Unary::log10:
      return unary_among<log10>(type, Complexes{});
    case Unary::log1p:
      return unary_among<log1p>(type, Complexes{});
    case Unary::log2:
      return unary_among<log2>(type, Complexes{});
    case Unary::negative:
      return unary_among<[](auto z) { return -z; }>(type, Complexes{});
    case Unary::reciprocal:
      return unary_among<[](auto z) { return decltype(z)(1) / z; }>(type, Complexes{});
    case Unary::round:
      return unary_among<round>(type, Complexes{});
    case Unary::sign:
      return unary_among<sign>(type, Complexes{});
    case Unary::square:
      return unary_among<[](auto z) { return z * z; }>(type, Complexes{});
    case Unary::tanh:
      return unary_among<tanh>(type, Complexes{});
    default:
      return of_library(operation, type);
  }
}

BinaryLoop complex_binary(Binary operation, DType type) {
  switch (operation) {
    case Binary::add:
      return binary_among<[](auto a, auto b) { return a + b; }>(type, Complexes{});
    case Binary::subtract:
      return binary_among<[](auto a, auto b) { return a - b; }>(type, Complexes{});
    case Binary::multiply:
      return binary_among<[](auto a, auto b) { return a * b; }>(type, Complexes{});
    case Binary::divide:
      return binary_among<[](auto a, auto b) { return a / b; }>(type, Complexes{});
    case Binary::pow:
      return binary_among<[](auto a, auto b) { return b == decltype(b)(0) ? b + decltype(b)(1) : std::pow(a, b); }>(
          type, Complexes{});
    case Binary::equal:
      return binary_among<[](auto a, auto b) { return a == b; }>(type, Complexes{});
    case Binary::not_equal:
      return binary_among<[](auto a, auto b) { return a != b; }>(type, Complexes{});
    default:
      return nullptr;
  }
}

}  // namespace assay::elementwise
