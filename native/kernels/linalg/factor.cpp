// Elimination: LU with row exchanges and Cholesky, in blocks whose remainder is one matrix product.

#include "field.h"

namespace assay {
namespace linalg {
namespace {

constexpr std::int64_t BLOCK = 64;

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
bool eliminate_panel(const Square<T>& a, std::int64_t first, std::int64_t last, const Beside<T>& beside) {
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
    for (std::int64_t i = j + 1; head != T{} && i < a.n; ++i) {
      const T factor = a.at(i, j) / head;
      a.at(i, j) = factor;
      add_scaled(a.row(i) + j + 1, -factor, a.row(j) + j + 1, last - j - 1);
    }
  }
  return odd;
}

// Below the diagonal L, whose diagonal is 1; on and above it U.
template <class T>
bool eliminate(const Square<T>& a, const Beside<T>& beside = {}) {
  bool odd = false;
  for (std::int64_t first = 0; first < a.n; first += BLOCK) {
    const std::int64_t last = std::min(first + BLOCK, a.n);
    odd = eliminate_panel(a, first, last, beside) != odd;
    for (std::int64_t i = first + 1; last < a.n && i < last; ++i) {
      for (std::int64_t l = first; l < i; ++l) {
        add_scaled(a.row(i) + last, -a.at(i, l), a.row(l) + last, a.n - last);
      }
    }
    if (last < a.n) {
      multiply(a.part(last, last), Real<T>{1}, Real<T>{-1}, a.part(last, first), a.part(first, last), a.n - last,
               a.n - last, last - first);
    }
  }
  return odd;
}

template <class T>
void substitute_forward(const Square<T>& a, T* b, std::int64_t right) {
  for (std::int64_t first = 0; first < a.n; first += BLOCK) {
    const std::int64_t last = std::min(first + BLOCK, a.n);
    for (std::int64_t i = first + 1; i < last; ++i) {
      for (std::int64_t l = first; l < i; ++l) {
        add_scaled(b + i * right, -a.at(i, l), b + l * right, right);
      }
    }
    if (last < a.n) {
      multiply(Part<T>{b + last * right, right}, Real<T>{1}, Real<T>{-1}, a.part(last, first),
               Part<T>{b + first * right, right}, a.n - last, right, last - first);
    }
  }
}

template <class T>
void substitute_backward(const Square<T>& a, T* b, std::int64_t right) {
  for (std::int64_t last = a.n; last > 0;) {
    const std::int64_t first = std::max<std::int64_t>(last - BLOCK, 0);
    for (std::int64_t i = last; i-- > first;) {
      for (std::int64_t l = i + 1; l < last; ++l) {
        add_scaled(b + i * right, -a.at(i, l), b + l * right, right);
      }
      for (std::int64_t j = 0; j < right; ++j) {
        b[i * right + j] /= a.at(i, i);
      }
    }
    if (first > 0) {
      multiply(Part<T>{b, right}, Real<T>{1}, Real<T>{-1}, a.part(0, first), Part<T>{b + first * right, right}, first,
               right, last - first);
    }
    last = first;
  }
}

template <class T>
void solve_one(const Square<T>& a, T* b, std::int64_t right) {
  eliminate(a, Beside<T>{b, right});
  for (std::int64_t i = 0; i < a.n; ++i) {
    if (a.at(i, i) == T{}) {
      refuse("a matrix is singular: no inverse, no solution; pinv() gives the nearest");
    }
  }
  substitute_forward(a, b, right);
  substitute_backward(a, b, right);
}

template <class T>
void determine(const Square<T>& a, T& value, T& sign, Real<T>& logarithm) {
  sign = eliminate(a) ? T{-1} : T{1};
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

// The block on the diagonal, and the rows below it.
template <class T>
void cholesky_panel(const Square<T>& a, std::int64_t first, std::int64_t last) {
  for (std::int64_t i = first; i < a.n; ++i) {
    for (std::int64_t j = first; j < std::min(i + 1, last); ++j) {
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

template <class T>
void cholesky_one(const Square<T>& a) {
  for (std::int64_t first = 0; first < a.n; first += BLOCK) {
    const std::int64_t last = std::min(first + BLOCK, a.n);
    cholesky_panel(a, first, last);
    // Only what lies on or below the diagonal is needed, so column by column of blocks.
    for (std::int64_t column = last; column < a.n; column += 4 * BLOCK) {
      const std::int64_t width = std::min(4 * BLOCK, a.n - column);
      multiply(a.part(column, column), Real<T>{1}, Real<T>{-1}, a.part(column, first), a.part(column, first).adjoint(),
               a.n - column, width, last - first);
    }
  }
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
