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
#include "assay/kernels/registry.h"
#include "assay/runtime/parallel.h"
#include "lines.h"

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

// The best loops of this machine.
template <class R>
const Lines<R>& lines() {
  static const AllLines& all = *function_of<LinesTable>(best_kernel("linalg", "lines"))();
  if constexpr (sizeof(R) == 4) {
    return all.f32;
  } else {
    return all.f64;
  }
}

constexpr std::int64_t BRIEF = 16;  // fewer numbers are not worth a call

// y += factor x
template <class T>
void add_scaled(T* y, T factor, const T* x, std::int64_t count) {
  if constexpr (!IS_COMPLEX<T>) {
    if (count >= BRIEF) {
      return lines<T>().add(y, factor, x, count);
    }
  }
  for (std::int64_t i = 0; i < count; ++i) {
    y[i] += times(factor, x[i]);
  }
}

// The sum of conj(x) y.
template <class T>
T inner_product(const T* x, const T* y, std::int64_t count) {
  if constexpr (!IS_COMPLEX<T>) {
    if (count >= BRIEF) {
      return lines<T>().inner(x, y, count);
    }
  }
  T sum{};
  for (std::int64_t i = 0; i < count; ++i) {
    sum += times(conjugate(x[i]), y[i]);
  }
  return sum;
}

// row += a x, and then the sum of row z
template <class T>
T add_inner(T* row, T a, const T* x, const T* z, std::int64_t count) {
  if constexpr (!IS_COMPLEX<T>) {
    return lines<T>().add_inner(row, a, x, z, count);
  } else {
    T sum{};
    for (std::int64_t i = 0; i < count; ++i) {
      row[i] += times(a, x[i]);
      sum += times(row[i], z[i]);
    }
    return sum;
  }
}

// row += a x + b y, and then the sum of row z
template <class T>
T add_two_inner(T* row, T a, const T* x, T b, const T* y, const T* z, std::int64_t count) {
  if constexpr (!IS_COMPLEX<T>) {
    return lines<T>().add_two_inner(row, a, x, b, y, z, count);
  } else {
    T sum{};
    for (std::int64_t i = 0; i < count; ++i) {
      row[i] += times(a, x[i]) + times(b, y[i]);
      sum += times(row[i], z[i]);
    }
    return sum;
  }
}

// row += a x, and then sums += factor row
template <class T>
void add_add(T* row, T a, const T* x, T factor, T* sums, std::int64_t count) {
  if constexpr (!IS_COMPLEX<T>) {
    lines<T>().add_add(row, a, x, factor, sums, count);
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      row[i] += times(a, x[i]);
      sums[i] += times(factor, row[i]);
    }
  }
}

// How many rows of so many numbers are worth another thread.
inline std::int64_t grain_of(std::int64_t row) {
  return std::max<std::int64_t>(1, (1 << 15) / std::max<std::int64_t>(1, row));
}

// Rotations that were found and not done yet, of rows of n numbers: many at once pass through the caches together, a
// strip of columns at a time.
template <class R>
class Rotations {
 public:
  Rotations(R* rows, std::int64_t n) : rows_(rows), n_(n), most_(static_cast<std::size_t>(32 * n)) {}

  void add(std::int64_t from, std::int64_t to, R cosine, R sine) {
    if (rows_ == nullptr) {
      return;
    }
    if (noted_.size() >= most_) {
      run();
    }
    noted_.push_back({from, to, cosine, sine});
  }

  void run() {
    constexpr std::int64_t STRIP = 512 / sizeof(R);
    const std::int64_t strips = (n_ + STRIP - 1) / STRIP;
    parallel_for(strips, grain_of(std::ssize(noted_) * STRIP / 4), [this](std::int64_t first, std::int64_t last) {
      const std::int64_t columns = std::min(last * STRIP, n_) - first * STRIP;
      lines<R>().turn(rows_ + first * STRIP, n_, columns, noted_.data(), std::ssize(noted_));
    });
    noted_.clear();
  }

 private:
  R* rows_;
  std::int64_t n_;
  std::size_t most_;
  std::vector<Rotation<R>> noted_;
};

// The root of a^2 + b^2; std::hypot only where a square would leave the range.
template <class R>
R length_of(R a, R b) {
  constexpr R LEAST = std::numeric_limits<R>::min() / std::numeric_limits<R>::epsilon();
  const R squares = a * a + b * b;
  return squares > LEAST && squares <= std::numeric_limits<R>::max() ? std::sqrt(squares) : std::hypot(a, b);
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

// The power of two that brings the largest element to between 1 and 2, so that no square overflows; 1 where there is
// none.
template <class T>
Real<T> scale_of(const T* a, std::int64_t count) {
  Real<T> largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const Real<T> size = std::abs(a[i]);
    largest = size <= largest ? largest : size;
  }
  return largest > 0 && std::isfinite(largest) ? std::exp2(-std::floor(std::log2(largest))) : Real<T>{1};
}

template <class T>
void scale_all(T* a, std::int64_t count, Real<T> factor) {
  std::transform(a, a + count, a, [factor](T x) { return x * factor; });
}

}  // namespace assay::linalg
