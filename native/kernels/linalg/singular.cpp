// Singular values: a QR leaves a square, reflections from both sides two diagonals, and shifted QR steps one.

#include <numeric>

#include "bidiagonal.h"

namespace assay {
namespace linalg {
namespace {

constexpr int MOST_STEPS = 60;  // for one value; two or three are usual

template <class R>
struct Turn {
  R cosine;
  R sine;
  R length;
};

// (cosine, sine; -sine, cosine) (a, b) = (length, 0)
template <class R>
Turn<R> turn_of(R a, R b) {
  if (b == 0) {
    return {R{1}, R{0}, a};
  }
  const R length = length_of(a, b);
  return {a / length, b / length, length};
}

// B = X diag(d) Y^T with d on the diagonal of B and e above it; X^T and Y^T are kept by rows, if at all.
template <class R>
class Diagonalisation {
 public:
  Diagonalisation(std::vector<R>& d, std::vector<R>& e, Rotations<R>& left, Rotations<R>& right)
      : d_(d), e_(e), left_(left), right_(right) {
    for (std::size_t i = 0; i < d.size(); ++i) {
      largest_ = std::max({largest_, std::abs(d[i]), std::abs(e[i])});
    }
  }

  void run() {
    int steps = 0;
    for (std::size_t last = d_.size() - 1; last > 0;) {
      std::size_t first = last;
      while (first > 0 && !is_small(first - 1)) {
        --first;
      }
      if (first == last) {
        --last;
        steps = 0;
        continue;
      }
      if (++steps > MOST_STEPS) {
        refuse("svd: no convergence");
      }
      step(first, last);
    }
    left_.run();
    right_.run();
  }

 private:
  bool is_small(std::size_t i) {
    const R beside = std::abs(d_[i]) + std::abs(d_[i + 1]);
    if (std::abs(e_[i]) > EPSILON<R> * std::max(beside, EPSILON<R> * largest_)) {
      return false;
    }
    e_[i] = 0;
    return true;
  }

  // Down the block, or up where that is where the small values are: they belong where the step ends.
  void step(std::size_t first, std::size_t last) {
    if (std::abs(d_[first]) >= std::abs(d_[last])) {
      walk([=](std::size_t i) { return first + i; }, [=](std::size_t i) { return first + i; }, last - first, left_,
           right_);
    } else {
      walk([=](std::size_t i) { return last - i; }, [=](std::size_t i) { return last - i - 1; }, last - first, right_,
           left_);
    }
  }

  // d(i) and e(i) tell where the numbers of the block lie, in the order in which they are passed. What turns columns
  // of B goes to `columns`; upwards, columns and rows have changed places.
  template <class D, class E>
  void walk(const D& d, const E& e, std::size_t count, Rotations<R>& rows, Rotations<R>& columns) {
    const R shift = shift_of(d_[d(count - 1)], e_[e(count - 1)], d_[d(count)]);
    const R head = d_[d(0)];
    const R part = shift / head;
    if (!(part * part > EPSILON<R>)) {
      return walk_unshifted(d, e, count, rows, columns);
    }
    R f = (std::abs(head) - shift) * (std::copysign(R{1}, head) + part);
    R g = e_[e(0)];
    for (std::size_t i = 0; i < count; ++i) {
      R& here = d_[d(i)];
      R& next = d_[d(i + 1)];
      R& above = e_[e(i)];
      const Turn<R> column = turn_of(f, g);
      if (i > 0) {
        e_[e(i - 1)] = column.length;
      }
      f = column.cosine * here + column.sine * above;
      above = column.cosine * above - column.sine * here;
      const Turn<R> row = turn_of(f, column.sine * next);
      next = column.cosine * next;
      here = row.length;
      f = row.cosine * above + row.sine * next;
      next = row.cosine * next - row.sine * above;
      if (i + 1 < count) {
        g = row.sine * e_[e(i + 1)];
        e_[e(i + 1)] *= row.cosine;
      }
      note(columns, d(i), d(i + 1), column);
      note(rows, d(i), d(i + 1), row);
    }
    e_[e(count - 1)] = f;
  }

  // Without a shift: small values keep their digits, and a zero on the diagonal ends the block.
  template <class D, class E>
  void walk_unshifted(const D& d, const E& e, std::size_t count, Rotations<R>& rows, Rotations<R>& columns) {
    Turn<R> column{1, 0, 0};
    Turn<R> row{1, 0, 0};
    for (std::size_t i = 0; i < count; ++i) {
      const R before = row.sine;
      column = turn_of(d_[d(i)] * column.cosine, e_[e(i)]);
      if (i > 0) {
        e_[e(i - 1)] = before * column.length;
      }
      row = turn_of(row.cosine * column.length, d_[d(i + 1)] * column.sine);
      d_[d(i)] = row.length;
      note(columns, d(i), d(i + 1), column);
      note(rows, d(i), d(i + 1), row);
    }
    const R rest = d_[d(count)] * column.cosine;
    d_[d(count)] = rest * row.cosine;
    e_[e(count - 1)] = rest * row.sine;
  }

  static void note(Rotations<R>& rotations, std::size_t from, std::size_t to, const Turn<R>& turn) {
    rotations.add(static_cast<std::int64_t>(from), static_cast<std::int64_t>(to), turn.cosine, turn.sine);
  }

  // The smaller singular value of (f, g; 0, h).
  static R shift_of(R f, R g, R h) {
    const R larger = std::max(std::abs(f), std::abs(h));
    const R smaller = std::min(std::abs(f), std::abs(h));
    if (smaller == 0) {
      return 0;
    }
    const R sum = length_of(f + h, g);
    const R difference = length_of(f - h, g);
    return 2 * smaller * (larger / (sum + difference));
  }

  std::vector<R>& d_;
  std::vector<R>& e_;
  Rotations<R>& left_;
  Rotations<R>& right_;
  R largest_ = 0;
};

template <class T>
struct Parts {
  T* u;
  Real<T>* s;
  T* v_adjoint;
  std::int64_t kept;
};

template <class R>
std::vector<R> identity(std::int64_t n) {
  std::vector<R> rows(static_cast<std::size_t>(n * n));
  for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(n) + 1) {
    rows[i] = 1;
  }
  return rows;
}

// Places of the values, the largest first; all are made positive.
template <class R>
std::vector<std::int64_t> descending(std::vector<R>& d, std::vector<R>& right, std::int64_t n) {
  std::vector<std::int64_t> order(d.size());
  std::iota(order.begin(), order.end(), 0);
  for (const std::int64_t i : order) {
    R& value = d[static_cast<std::size_t>(i)];
    if (std::signbit(value)) {
      value = -value;
      if (!right.empty()) {
        std::transform(right.begin() + i * n, right.begin() + (i + 1) * n, right.begin() + i * n, std::negate<>());
      }
    }
  }
  std::sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    return d[static_cast<std::size_t>(i)] > d[static_cast<std::size_t>(j)];
  });
  return order;
}

// A = (Q X) diag(d) (P Y)^H, of which the rows of `left` and `right` are the columns of X and Y.
template <class T>
void put_vectors(const Bidiagonal<T>& matrix, const std::vector<Real<T>>& left, const std::vector<Real<T>>& right,
                 const std::vector<std::int64_t>& order, const Parts<T>& parts) {
  const std::int64_t n = std::ssize(order);
  std::vector<T> v(static_cast<std::size_t>(n * n));
  for (std::int64_t j = 0; j < n; ++j) {
    const auto from = static_cast<std::size_t>(order[static_cast<std::size_t>(j)] * n);
    for (std::int64_t i = 0; i < n; ++i) {
      parts.u[i * parts.kept + j] = left[from + static_cast<std::size_t>(i)];
      v[static_cast<std::size_t>(i * n + j)] = right[from + static_cast<std::size_t>(i)];
    }
  }
  matrix.left.apply_to({parts.u, parts.kept}, n);
  matrix.right.apply_to({v.data(), n}, n);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      parts.v_adjoint[j * n + i] = conjugate(v[static_cast<std::size_t>(i * n + j)]);
    }
  }
}

template <class T>
void decompose(const Stack& stack, T* a, const Parts<T>& parts) {
  using R = Real<T>;
  const std::int64_t n = stack.columns;
  const bool vectors = parts.u != nullptr;
  if (vectors) {
    std::fill_n(parts.u, stack.rows * parts.kept, T{});
    for (std::int64_t i = n; i < parts.kept; ++i) {
      parts.u[i * parts.kept + i] = T{1};
    }
  }
  if (!std::all_of(a, a + stack.rows * n, [](T x) { return std::isfinite(std::abs(x)); })) {
    refuse("svd: a matrix holds infinities or NaN");
  }
  const R scale = scale_of(a, stack.rows * n);
  scale_all(a, stack.rows * n, scale);
  const bool is_square = stack.rows == n;
  const Reflections<T> reflections = is_square ? Reflections<T>(n) : Reflections<T>(a, stack.rows, n);
  if (n > 0) {
    Bidiagonal<T> matrix = Bidiagonalisation<T>(a, n).run();
    std::vector<R> left = identity<R>(vectors ? n : 0);
    std::vector<R> right = left;
    Rotations<R> turned_left(vectors ? left.data() : nullptr, n);
    Rotations<R> turned_right(vectors ? right.data() : nullptr, n);
    Diagonalisation<R>(matrix.diagonal, matrix.above, turned_left, turned_right).run();
    const std::vector<std::int64_t> order = descending(matrix.diagonal, right, n);
    std::transform(order.begin(), order.end(), parts.s,
                   [&](std::int64_t i) { return matrix.diagonal[static_cast<std::size_t>(i)] / scale; });
    if (vectors) {
      put_vectors(matrix, left, right, order, parts);
    }
  }
  if (vectors) {
    reflections.apply_to({parts.u, parts.kept}, parts.kept);
  }
}

}  // namespace
}  // namespace linalg

void singular_values(const Stack& stack, std::byte* a, std::byte* u, std::byte* s, std::byte* v_adjoint,
                     std::int64_t kept) {
  const std::int64_t n = stack.columns;
  linalg::with_field(stack.dtype, "svd", [&]<class T>(T) {
    linalg::for_each_matrix(stack, [&](std::int64_t i) {
      linalg::Parts<T> parts{nullptr, reinterpret_cast<linalg::Real<T>*>(s) + i * n, nullptr, kept};
      if (u != nullptr) {
        parts.u = reinterpret_cast<T*>(u) + i * stack.rows * kept;
        parts.v_adjoint = reinterpret_cast<T*>(v_adjoint) + i * n * n;
      }
      linalg::decompose(stack, reinterpret_cast<T*>(a) + i * stack.rows * n, parts);
    });
  });
}

}  // namespace assay
