// Hermitian matrices: reflections make them real and tridiagonal, then shifted QL steps diagonal.

#include <numeric>

#include "reflect.h"

namespace assay {
namespace linalg {
namespace {

constexpr int MOST_STEPS = 60;  // for one value; two or three are usual

template <class T>
struct Tridiagonal {
  std::vector<Real<T>> diagonal;
  std::vector<Real<T>> beside;
  Reflections<T> reflections;
};

// Of the matrix from row and column `first` on, A - v w^H - w v^H, where w is v's length; nothing at first.
template <class T>
struct Change {
  std::vector<T> v;
  std::vector<T> w;
  std::vector<T> conjugate_v;
  std::vector<T> conjugate_w;

  explicit Change(std::int64_t n) : v(static_cast<std::size_t>(n)), w(v), conjugate_v(v), conjugate_w(v) {}
};

// The change is made in passing while the next product is taken, so that the matrix is read once for each reflection.
template <class T>
void change_and_multiply(T* a, std::int64_t n, std::int64_t first, const Change<T>& change, const T* x, T* products) {
  const auto from = static_cast<std::size_t>(first);
  const std::int64_t count = n - first;
  parallel_for(count, grain_of(count), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto row = from + static_cast<std::size_t>(i);
      products[i] = add_two_inner(a + (first + i) * n + first, -change.v[row], change.conjugate_w.data() + from,
                                  -change.w[row], change.conjugate_v.data() + from, x, count);
    }
  });
}

// w = tau A v - (conj(tau) tau v^H A v / 2) v
template <class T>
void note_change(Change<T>& change, std::int64_t first, const std::vector<T>& v, const std::vector<T>& products,
                 T tau) {
  const auto from = static_cast<std::size_t>(first);
  const std::int64_t count = std::ssize(v);
  std::copy(v.begin(), v.end(), change.v.begin() + first);
  std::transform(products.begin(), products.begin() + count, change.w.begin() + first,
                 [tau](T x) { return times(tau, x); });
  T* const w = change.w.data() + from;
  const T half = times(conjugate(tau), inner_product(v.data(), w, count)) * Real<T>{-0.5};
  add_scaled(w, half, v.data(), count);
  for (std::size_t i = from; i < change.v.size(); ++i) {
    change.conjugate_v[i] = conjugate(change.v[i]);
    change.conjugate_w[i] = conjugate(change.w[i]);
  }
}

template <class T>
void fill_upper(T* a, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    a[i * n + i] = std::real(a[i * n + i]);
    for (std::int64_t j = 0; j < i; ++j) {
      a[j * n + i] = conjugate(a[i * n + j]);
    }
  }
}

template <class T>
Tridiagonal<T> make_tridiagonal(T* a, std::int64_t n) {
  fill_upper(a, n);
  Tridiagonal<T> found{{}, {}, Reflections<T>(n)};
  Change<T> change(n);
  std::vector<T> products(static_cast<std::size_t>(n));
  for (std::int64_t k = 0; k < n; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const auto now = [&](std::int64_t row) {
      const auto i = static_cast<std::size_t>(row);
      return a[row * n + k] - times(change.v[i], change.conjugate_w[at]) - times(change.w[i], change.conjugate_v[at]);
    };
    found.diagonal.push_back(std::real(now(k)));
    std::vector<T> v;
    for (std::int64_t i = k + 1; i < n; ++i) {
      v.push_back(now(i));
    }
    if (v.empty()) {
      break;
    }
    const T tau = reflect(v.data(), std::ssize(v));
    found.beside.push_back(std::real(v[0]));
    v[0] = T{1};
    change_and_multiply(a, n, k + 1, change, v.data(), products.data());
    note_change(change, k + 1, v, products, tau);
    found.reflections.add(k + 1, v.data(), tau);
  }
  found.beside.push_back(0);
  return found;
}

// One QL step on the block first … last.
template <class R>
void step(std::vector<R>& d, std::vector<R>& e, std::size_t first, std::size_t last, Rotations<R>& rotations) {
  R g = (d[first + 1] - d[first]) / (2 * e[first]);
  R r = length_of(g, R{1});
  g = d[last] - d[first] + e[first] / (g + std::copysign(r, g));
  R sine = 1;
  R cosine = 1;
  R shift = 0;
  for (std::size_t i = last; i-- > first;) {
    const R f = sine * e[i];
    const R b = cosine * e[i];
    r = length_of(f, g);
    e[i + 1] = r;
    if (r == 0) {
      d[i + 1] -= shift;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - shift;
    r = (d[i] - g) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = g + shift;
    g = cosine * r - b;
    rotations.add(static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(i), cosine, sine);
  }
  d[first] -= shift;
  e[first] = g;
  e[last] = 0;
}

template <class R>
void make_diagonal(std::vector<R>& d, std::vector<R>& e, Rotations<R>& rotations) {
  for (std::size_t first = 0; first < d.size(); ++first) {
    for (int steps = 0;; ++steps) {
      std::size_t last = first;
      while (last + 1 < d.size() && std::abs(e[last]) > EPSILON<R> * (std::abs(d[last]) + std::abs(d[last + 1]))) {
        ++last;
      }
      if (last == first) {
        break;
      }
      if (steps == MOST_STEPS) {
        refuse("eigh: no convergence; the matrix holds infinities or NaN");
      }
      step(d, e, first, last, rotations);
    }
  }
  rotations.run();
}

// `a` becomes the vectors, if they are wanted.
template <class T>
void eigen_one(T* a, Real<T>* values, std::int64_t n, bool vectors) {
  using R = Real<T>;
  const R scale = scale_of(a, n * n);
  scale_all(a, n * n, scale);
  Tridiagonal<T> matrix = make_tridiagonal(a, n);
  // The vectors of the tridiagonal matrix are real; they lie in rows.
  std::vector<R> rows(vectors ? static_cast<std::size_t>(n * n) : 0);
  for (std::size_t i = 0; i < rows.size(); i += static_cast<std::size_t>(n) + 1) {
    rows[i] = 1;
  }
  Rotations<R> rotations(vectors ? rows.data() : nullptr, n);
  make_diagonal(matrix.diagonal, matrix.beside, rotations);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    return matrix.diagonal[static_cast<std::size_t>(i)] < matrix.diagonal[static_cast<std::size_t>(j)];
  });
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t from = order[static_cast<std::size_t>(j)];
    values[j] = matrix.diagonal[static_cast<std::size_t>(from)] / scale;
    for (std::int64_t i = 0; vectors && i < n; ++i) {
      a[i * n + j] = rows[static_cast<std::size_t>(from * n + i)];
    }
  }
  if (vectors) {
    matrix.reflections.apply_to({a, n}, n);
  }
}

}  // namespace
}  // namespace linalg

void eigen_hermitian(const Stack& stack, std::byte* a, std::byte* values, bool vectors) {
  linalg::with_field(stack.dtype, "eigh", [&]<class T>(T) {
    linalg::for_each_matrix(stack, [&](std::int64_t i) {
      linalg::eigen_one(reinterpret_cast<T*>(a) + i * stack.rows * stack.rows,
                        reinterpret_cast<linalg::Real<T>*>(values) + i * stack.rows, stack.rows, vectors);
    });
  });
}

}  // namespace assay
