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
  std::vector<T> taus;
};

std::int64_t grain_of(std::int64_t row) {
  return std::max<std::int64_t>(1, (1 << 15) / std::max<std::int64_t>(1, row));
}

// A -= v w^H + w v^H, where w = tau A v - (conj(tau) tau v^H A v / 2) v.
template <class T>
void reflect_both_sides(T* a, std::int64_t stride, const std::vector<T>& v, T tau, std::vector<T>& w) {
  const auto n = static_cast<std::int64_t>(v.size());
  parallel_for(n, grain_of(n), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      if constexpr (IS_COMPLEX<T>) {
        T sum{};
        for (std::int64_t j = 0; j < n; ++j) {
          sum += times(a[i * stride + j], v[static_cast<std::size_t>(j)]);
        }
        w[static_cast<std::size_t>(i)] = times(tau, sum);
      } else {
        w[static_cast<std::size_t>(i)] = tau * inner_product(v.data(), a + i * stride, n);
      }
    }
  });
  const T half = times(conjugate(tau), inner_product(v.data(), w.data(), n)) * Real<T>{-0.5};
  add_scaled(w.data(), half, v.data(), n);
  parallel_for(n, grain_of(n), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const T minus_v = -v[static_cast<std::size_t>(i)];
      const T minus_w = -w[static_cast<std::size_t>(i)];
      T* const row = a + i * stride;
      for (std::int64_t j = 0; j < n; ++j) {
        row[j] += times(minus_v, conjugate(w[static_cast<std::size_t>(j)])) +
                  times(minus_w, conjugate(v[static_cast<std::size_t>(j)]));
      }
    }
  });
}

// The upper triangle is filled from the lower one first. The reflections stay in the columns of A.
template <class T>
Tridiagonal<T> make_tridiagonal(T* a, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    a[i * n + i] = std::real(a[i * n + i]);
    for (std::int64_t j = 0; j < i; ++j) {
      a[j * n + i] = conjugate(a[i * n + j]);
    }
  }
  Tridiagonal<T> found;
  std::vector<T> w(static_cast<std::size_t>(n));
  for (std::int64_t k = 0; k + 1 < n; ++k) {
    std::vector<T> v(static_cast<std::size_t>(n - k - 1));
    for (std::size_t i = 0; i < v.size(); ++i) {
      v[i] = a[(k + 1 + static_cast<std::int64_t>(i)) * n + k];
    }
    const T tau = reflect(v.data(), std::ssize(v));
    found.beside.push_back(std::real(v[0]));
    v[0] = T{1};
    reflect_both_sides(a + (k + 1) * n + k + 1, n, v, tau, w);
    for (std::size_t i = 0; i < v.size(); ++i) {
      a[(k + 1 + static_cast<std::int64_t>(i)) * n + k] = v[i];
    }
    found.taus.push_back(tau);
  }
  for (std::int64_t i = 0; i < n; ++i) {
    found.diagonal.push_back(std::real(a[i * n + i]));
  }
  found.beside.push_back(0);
  return found;
}

// Q = H_0 H_1 …, its columns as rows of the result.
template <class T>
std::vector<T> columns_of_reflections(const T* a, std::int64_t n, const std::vector<T>& taus) {
  std::vector<T> q(static_cast<std::size_t>(n * n));
  for (std::int64_t i = 0; i < n; ++i) {
    q[static_cast<std::size_t>(i * n + i)] = T{1};
  }
  for (std::int64_t k = std::ssize(taus); k-- > 0;) {
    const std::int64_t count = n - k - 1;
    std::vector<T> v(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      v[static_cast<std::size_t>(i)] = a[(k + 1 + i) * n + k];
    }
    // Every column x becomes x - tau v (v^H x).
    parallel_for(count, grain_of(count), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t j = first; j < last; ++j) {
        T* const column = q.data() + (k + 1 + j) * n + k + 1;
        const T factor = -times(taus[static_cast<std::size_t>(k)], inner_product(v.data(), column, count));
        add_scaled(column, factor, v.data(), count);
      }
    });
  }
  return q;
}

template <class R>
struct Rotation {
  std::int64_t place;  // of the first of two neighbours
  R cosine;
  R sine;
};

// One QL step on the block first … last: the rotations, from the last on.
template <class R>
void step(std::vector<R>& d, std::vector<R>& e, std::size_t first, std::size_t last, std::vector<Rotation<R>>& made) {
  R g = (d[first + 1] - d[first]) / (2 * e[first]);
  R r = std::hypot(g, R{1});
  g = d[last] - d[first] + e[first] / (g + std::copysign(r, g));
  R sine = 1;
  R cosine = 1;
  R shift = 0;
  for (std::size_t i = last; i-- > first;) {
    const R f = sine * e[i];
    const R b = cosine * e[i];
    r = std::hypot(f, g);
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
    made.push_back({static_cast<std::int64_t>(i), cosine, sine});
  }
  d[first] -= shift;
  e[first] = g;
  e[last] = 0;
}

template <class T>
void rotate_rows(std::vector<T>& rows, std::int64_t n, const std::vector<Rotation<Real<T>>>& rotations) {
  constexpr std::int64_t COLUMNS = 256;  // as many as stay in the nearest cache
  parallel_for((n + COLUMNS - 1) / COLUMNS, 1, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t begin = first * COLUMNS;
    const std::int64_t end = std::min(last * COLUMNS, n);
    for (const Rotation<Real<T>>& rotation : rotations) {
      T* const low = rows.data() + rotation.place * n;
      T* const high = low + n;
      for (std::int64_t i = begin; i < end; ++i) {
        const T moved = high[i];
        high[i] = low[i] * rotation.sine + moved * rotation.cosine;
        low[i] = low[i] * rotation.cosine - moved * rotation.sine;
      }
    }
  });
}

template <class T>
void make_diagonal(Tridiagonal<T>& matrix, std::vector<T>& vectors, std::int64_t n) {
  std::vector<Real<T>>& d = matrix.diagonal;
  std::vector<Real<T>>& e = matrix.beside;
  std::vector<Rotation<Real<T>>> rotations;
  for (std::size_t first = 0; first < d.size(); ++first) {
    for (int steps = 0;; ++steps) {
      std::size_t last = first;
      while (last + 1 < d.size() && std::abs(e[last]) > EPSILON<T> * (std::abs(d[last]) + std::abs(d[last + 1]))) {
        ++last;
      }
      if (last == first) {
        break;
      }
      if (steps == MOST_STEPS) {
        refuse("eigh: no convergence; the matrix holds infinities or NaN");
      }
      rotations.clear();
      step(d, e, first, last, rotations);
      rotate_rows(vectors, n, rotations);
    }
  }
}

template <class T>
void eigen_one(T* a, Real<T>* values, std::int64_t n) {
  Real<T> largest = 0;
  for (std::int64_t i = 0; i < n * n; ++i) {
    largest = std::max(largest, std::abs(a[i]));
  }
  const Real<T> scale = largest > 0 && std::isfinite(largest) ? std::exp2(-std::floor(std::log2(largest))) : Real<T>{1};
  for (std::int64_t i = 0; i < n * n; ++i) {
    a[i] *= scale;
  }
  Tridiagonal<T> matrix = make_tridiagonal(a, n);
  std::vector<T> vectors = columns_of_reflections(a, n, matrix.taus);
  make_diagonal(matrix, vectors, n);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    return matrix.diagonal[static_cast<std::size_t>(i)] < matrix.diagonal[static_cast<std::size_t>(j)];
  });
  for (std::int64_t j = 0; j < n; ++j) {
    const std::int64_t from = order[static_cast<std::size_t>(j)];
    values[j] = matrix.diagonal[static_cast<std::size_t>(from)] / scale;
    for (std::int64_t i = 0; i < n; ++i) {
      a[i * n + j] = vectors[static_cast<std::size_t>(from * n + i)];
    }
  }
}

}  // namespace
}  // namespace linalg

void eigen_hermitian(const Stack& stack, std::byte* a, std::byte* values) {
  linalg::with_field(stack.dtype, "eigh", [&]<class T>(T) {
    linalg::for_each_matrix(stack, [&](std::int64_t i) {
      linalg::eigen_one(reinterpret_cast<T*>(a) + i * stack.rows * stack.rows,
                        reinterpret_cast<linalg::Real<T>*>(values) + i * stack.rows, stack.rows);
    });
  });
}

}  // namespace assay
