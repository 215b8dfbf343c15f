// Elimination: LU with row exchanges and Cholesky, by halves, so that nearly all of it is matrix products.

#include "field.h"

namespace assay {
namespace linalg {
namespace {

constexpr std::int64_t NARROW = 8;  // columns that are not divided any more

// Where to divide so many columns: parts of whole NARROWs.
std::int64_t middle_of(std::int64_t first, std::int64_t last) {
  return first + (last - first + NARROW) / (2 * NARROW) * NARROW;
}

template <class T>
struct Square {
  T* data;
  std::int64_t n;

  [[nodiscard]] T* row(std::int64_t i) const { return data + i * n; }
  [[nodiscard]] T& at(std::int64_t i, std::int64_t j) const { return data[i * n + j]; }
  [[nodiscard]] Part<T> part(std::int64_t i, std::int64_t j) const { return {data + i * n + j, n}; }
};

// What exchanges rows of A also exchanges rows of `beside`, if there is one.
template <class T>
struct Beside {
  T* data = nullptr;
  std::int64_t columns = 0;
};

template <class T>
std::int64_t pivot_in(const Square<T>& a, std::int64_t column) {
  std::int64_t best = column;
  for (std::int64_t i = column + 1; i < a.n; ++i) {
    best = square_of(a.at(i, column)) > square_of(a.at(best, column)) ? i : best;
  }
  return best;
}

// The columns first … last, all rows below. Returns whether the number of exchanges is odd.
template <class T>
bool eliminate_narrow(const Square<T>& a, std::int64_t first, std::int64_t last, const Beside<T>& beside) {
  bool odd = false;
  for (std::int64_t j = first; j < last; ++j) {
    const std::int64_t pivot = pivot_in(a, j);
    if (pivot != j) {
      odd = !odd;
      std::swap_ranges(a.row(j), a.row(j) + a.n, a.row(pivot));
      std::swap_ranges(beside.data + j * beside.columns, beside.data + (j + 1) * beside.columns,
                       beside.data + pivot * beside.columns);
    }
    const T head = a.at(j, j);
    const T* const line = a.row(j);
    // A quotient is rounded once, a reciprocal twice; too large a one is none.
    const bool inverts = std::abs(head) >= std::numeric_limits<Real<T>>::min() * 4;
    const T inverse = inverts ? T{1} / head : T{};
    for (std::int64_t i = j + 1; head != T{} && i < a.n; ++i) {
      T* const changed = a.row(i);
      const T factor = inverts ? times(changed[j], inverse) : changed[j] / head;
      changed[j] = factor;
      for (std::int64_t l = j + 1; l < last; ++l) {
        changed[l] -= times(factor, line[l]);
      }
    }
  }
  return odd;
}

// B becomes X of L X = B; L has ones on its diagonal.
template <class T>
void substitute_forward(Part<T> l, std::int64_t n, Part<T> b, std::int64_t right) {
  if (n <= NARROW) {
    for (std::int64_t i = 1; i < n; ++i) {
      for (std::int64_t k = 0; k < i; ++k) {
        add_scaled(b.data + i * b.row, -l.at(i, k), b.data + k * b.row, right);
      }
    }
    return;
  }
  const std::int64_t half = middle_of(0, n);
  const Part<T> below{b.data + half * b.row, b.row};
  substitute_forward(l, half, b, right);
  multiply(below, Real<T>{1}, Real<T>{-1}, Part<T>{l.data + half * l.row, l.row}, b, n - half, right, half);
  substitute_forward(Part<T>{l.data + half * l.row + half, l.row}, n - half, below, right);
}

// B becomes X of U X = B.
template <class T>
void substitute_backward(Part<T> u, std::int64_t n, Part<T> b, std::int64_t right) {
  if (n <= NARROW) {
    for (std::int64_t i = n; i-- > 0;) {
      T* const line = b.data + i * b.row;
      for (std::int64_t k = i + 1; k < n; ++k) {
        add_scaled(line, -u.at(i, k), b.data + k * b.row, right);
      }
      for (std::int64_t j = 0; j < right; ++j) {
        line[j] /= u.at(i, i);
      }
    }
    return;
  }
  const std::int64_t half = middle_of(0, n);
  const Part<T> below{b.data + half * b.row, b.row};
  substitute_backward(Part<T>{u.data + half * u.row + half, u.row}, n - half, below, right);
  multiply(b, Real<T>{1}, Real<T>{-1}, Part<T>{u.data + half, u.row}, below, half, right, n - half);
  substitute_backward(u, half, b, right);
}

// Below the diagonal L, whose diagonal is 1; on and above it U. By halves of the columns, so that nearly all of it is
// products of matrices.
template <class T>
bool eliminate(const Square<T>& a, std::int64_t first, std::int64_t last, const Beside<T>& beside) {
  if (last - first <= NARROW) {
    return eliminate_narrow(a, first, last, beside);
  }
  const std::int64_t middle = middle_of(first, last);
  const bool odd = eliminate(a, first, middle, beside);
  substitute_forward(a.part(first, first), middle - first, a.part(first, middle), last - middle);
  multiply(a.part(middle, middle), Real<T>{1}, Real<T>{-1}, a.part(middle, first), a.part(first, middle), a.n - middle,
           last - middle, middle - first);
  return eliminate(a, middle, last, beside) != odd;
}

template <class T>
void solve_one(const Square<T>& a, T* b, std::int64_t right) {
  eliminate(a, 0, a.n, Beside<T>{b, right});
  for (std::int64_t i = 0; i < a.n; ++i) {
    if (a.at(i, i) == T{}) {
      refuse("a matrix is singular: no inverse, no solution; pinv() gives the nearest");
    }
  }
  const Part<T> x{b, right};
  substitute_forward(a.part(0, 0), a.n, x, right);
  substitute_backward(a.part(0, 0), a.n, x, right);
}

template <class T>
void determine(const Square<T>& a, T& value, T& sign, Real<T>& logarithm) {
  sign = eliminate(a, 0, a.n, {}) ? T{-1} : T{1};
  value = sign;
  logarithm = 0;
  for (std::int64_t i = 0; i < a.n; ++i) {
    const T head = a.at(i, i);
    const Real<T> size = std::abs(head);
    value = times(value, head);
    logarithm += std::log(size);
    sign = size == 0 ? T{} : times(sign, head / size);
  }
}

template <class T>
void factor_narrow(const Square<T>& a, std::int64_t first, std::int64_t last) {
  for (std::int64_t i = first; i < last; ++i) {
    for (std::int64_t j = first; j <= i; ++j) {
      const T rest = a.at(i, j) - inner_product(a.row(j) + first, a.row(i) + first, j - first);
      if (i > j) {
        a.at(i, j) = rest / a.at(j, j);
        continue;
      }
      const Real<T> square = std::real(rest);
      if (!(square > 0)) {
        refuse("cholesky: a matrix is not positive definite");
      }
      a.at(i, i) = std::sqrt(square);
    }
  }
}

// B becomes X of X L^H = B.
template <class T>
void substitute_right(Part<T> l, std::int64_t n, Part<T> b, std::int64_t rows) {
  if (n > NARROW) {
    const std::int64_t half = middle_of(0, n);
    const Part<T> beside{b.data + half, b.row};
    substitute_right(l, half, b, rows);
    multiply(beside, Real<T>{1}, Real<T>{-1}, b, Part<T>{l.data + half * l.row, l.row}.adjoint(), rows, n - half, half);
    substitute_right(Part<T>{l.data + half * l.row + half, l.row}, n - half, beside, rows);
    return;
  }
  Real<T> inverses[NARROW];
  for (std::int64_t j = 0; j < n; ++j) {
    inverses[j] = 1 / std::real(l.at(j, j));
  }
  for (std::int64_t i = 0; i < rows; ++i) {
    T* const line = b.data + i * b.row;
    for (std::int64_t j = 0; j < n; ++j) {
      T rest = line[j];
      for (std::int64_t k = 0; k < j; ++k) {
        rest -= times(line[k], conjugate(l.at(j, k)));
      }
      line[j] = rest * inverses[j];
    }
  }
}

// What lies on and below the diagonal of C = C - A A^H.
template <class T>
void subtract_square(Part<T> c, Part<T> a, std::int64_t n, std::int64_t k) {
  constexpr std::int64_t WHOLE = 96;  // what lies above it is computed too
  if (n <= WHOLE) {
    return multiply(c, Real<T>{1}, Real<T>{-1}, a, a.adjoint(), n, n, k);
  }
  const std::int64_t half = middle_of(0, n);
  const Part<T> below{a.data + half * a.row, a.row};
  subtract_square(c, a, half, k);
  multiply(Part<T>{c.data + half * c.row, c.row}, Real<T>{1}, Real<T>{-1}, below, a.adjoint(), n - half, half, k);
  subtract_square(Part<T>{c.data + half * c.row + half, c.row}, below, n - half, k);
}

template <class T>
void factor(const Square<T>& a, std::int64_t first, std::int64_t last) {
  if (last - first <= NARROW) {
    return factor_narrow(a, first, last);
  }
  const std::int64_t middle = middle_of(first, last);
  factor(a, first, middle);
  substitute_right(a.part(first, first), middle - first, a.part(middle, first), last - middle);
  subtract_square(a.part(middle, middle), a.part(middle, first), last - middle, middle - first);
  factor(a, middle, last);
}

template <class T>
void cholesky_one(const Square<T>& a) {
  factor(a, 0, a.n);
  for (std::int64_t i = 0; i < a.n; ++i) {
    std::fill(a.row(i) + i + 1, a.row(i) + a.n, T{});
  }
}

}  // namespace
}  // namespace linalg

using linalg::for_each_matrix;
using linalg::with_field;

void cholesky(const Stack& stack, std::byte* a) {
  with_field(stack.dtype, "cholesky", [&]<class T>(T) {
    for_each_matrix(stack, [&](std::int64_t i) {
      linalg::cholesky_one(linalg::Square<T>{reinterpret_cast<T*>(a) + i * stack.rows * stack.rows, stack.rows});
    });
  });
}

void solve(const Stack& stack, std::byte* a, std::byte* b, std::int64_t right) {
  with_field(stack.dtype, "solve", [&]<class T>(T) {
    for_each_matrix(stack, [&](std::int64_t i) {
      linalg::solve_one(linalg::Square<T>{reinterpret_cast<T*>(a) + i * stack.rows * stack.rows, stack.rows},
                        reinterpret_cast<T*>(b) + i * stack.rows * right, right);
    });
  });
}

void determinant(const Stack& stack, std::byte* a, const Determinants& out) {
  with_field(stack.dtype, "det", [&]<class T>(T) {
    for_each_matrix(stack, [&](std::int64_t i) {
      linalg::determine(linalg::Square<T>{reinterpret_cast<T*>(a) + i * stack.rows * stack.rows, stack.rows},
                        reinterpret_cast<T*>(out.value)[i], reinterpret_cast<T*>(out.sign)[i],
                        reinterpret_cast<linalg::Real<T>*>(out.logarithm)[i]);
    });
  });
}

}  // namespace assay
