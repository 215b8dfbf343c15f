// What the algorithms are written in: one matrix of numbers of a field, and its products.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "assay/core/error.h"
#include "assay/kernels/gemm.h"
#include "assay/kernels/linalg.h"
#include "assay/runtime/parallel.h"

namespace assay::linalg {

template <class T>
struct RealPart {
  using type = T;
};
template <class T>
struct RealPart<std::complex<T>> {
  using type = T;
};
template <class T>
using Real = typename RealPart<T>::type;

template <class T>
inline constexpr bool IS_COMPLEX = !std::is_same_v<T, Real<T>>;

template <class T>
inline constexpr Real<T> EPSILON = std::numeric_limits<Real<T>>::epsilon();

template <class T>
T conjugate(T a) {
  if constexpr (IS_COMPLEX<T>) {
    return std::conj(a);
  } else {
    return a;
  }
}

template <class T>
Real<T> square_of(T a) {
  if constexpr (IS_COMPLEX<T>) {
    return a.real() * a.real() + a.imag() * a.imag();
  } else {
    return a * a;
  }
}

// Without the handling of infinities that std::complex's operator has.
template <class T>
T times(T a, T b) {
  if constexpr (IS_COMPLEX<T>) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  } else {
    return a * b;
  }
}

// y += factor x
template <class T>
void add_scaled(T* y, T factor, const T* x, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    y[i] += times(factor, x[i]);
  }
}

// The sum of conj(x) y, in eight parts so that vectors can be used.
template <class T>
T inner_product(const T* x, const T* y, std::int64_t count) {
  constexpr std::int64_t PARTS = 8;
  T sums[PARTS] = {};
  std::int64_t i = 0;
  for (; i + PARTS <= count; i += PARTS) {
    for (std::int64_t part = 0; part < PARTS; ++part) {
      sums[part] += times(conjugate(x[i + part]), y[i + part]);
    }
  }
  for (; i < count; ++i) {
    sums[0] += times(conjugate(x[i]), y[i]);
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// A part of a matrix. Element (i, j) is at data + i * row + j * column; conjugated where `conjugated`.
template <class T>
struct Part {
  T* data;
  std::int64_t row;
  std::int64_t column = 1;
  bool conjugated = false;

  [[nodiscard]] T at(std::int64_t i, std::int64_t j) const {
    const T value = data[i * row + j * column];
    return conjugated ? conjugate(value) : value;
  }
  [[nodiscard]] Part adjoint() const { return {data, column, row, !conjugated}; }
};

// C = beta C + alpha A B, where C is m by n and its columns are adjacent.
template <class T>
void multiply(Part<T> c, Real<T> beta, Real<T> alpha, Part<T> a, Part<T> b, std::int64_t m, std::int64_t n,
              std::int64_t k) {
  if constexpr (!IS_COMPLEX<T>) {
    gemm({.type = sizeof(T) == 4 ? GemmType::f32 : GemmType::f64,
          .m = m,
          .n = n,
          .k = k,
          .a = {a.data, a.row, a.column},
          .b = {b.data, b.row, b.column},
          .c = c.data,
          .c_row = c.row,
          .alpha = alpha,
          .beta = beta});
  } else {
    const std::int64_t grain = std::max<std::int64_t>(1, (1 << 15) / std::max<std::int64_t>(1, n * k));
    parallel_for(m, grain, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        T* const line = c.data + i * c.row;
        for (std::int64_t j = 0; j < n; ++j) {
          line[j] = beta == 0 ? T{} : line[j] * beta;
        }
        for (std::int64_t l = 0; l < k; ++l) {
          const T factor = a.at(i, l) * alpha;
          for (std::int64_t j = 0; j < n; ++j) {
            line[j] += times(factor, b.at(l, j));
          }
        }
      }
    });
  }
}

// Calls with a value of the matrices' type.
template <class Call>
void with_field(DType dtype, const char* operation, const Call& call) {
  switch (dtype) {
    case DType::f32:
      return call(float{});
    case DType::f64:
      return call(double{});
    case DType::c64:
      return call(std::complex<float>{});
    case DType::c128:
      return call(std::complex<double>{});
    default:
      throw Error(ErrorKind::type, std::string(operation) + ": not defined for elements of type " +
                                       std::string(facts(dtype).name) + "; convert with astype");
  }
}

// Calls with every matrix of the stack; several at once where they are many.
template <class Call>
void for_each_matrix(const Stack& stack, const Call& call) {
  const std::int64_t each = stack.rows * stack.columns * std::min(stack.rows, stack.columns);
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 14) / std::max<std::int64_t>(each, 1));
  parallel_for(stack.count, grain, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      call(i);
    }
  });
}

[[noreturn]] inline void refuse(const char* message) { throw Error(ErrorKind::usage, message); }

}  // namespace assay::linalg
