// Singular values by Jacobi's rotations of pairs of vectors until all are orthogonal, after a QR that leaves a square:
// slower than by a bidiagonal matrix for large matrices, and right to the last digits of the smallest value.

#include <atomic>
#include <numeric>

#include "reflect.h"

namespace assay {
namespace linalg {
namespace {

constexpr int MOST_SWEEPS = 60;  // ten are many

// Lengths below it are what rounding left of a matrix whose largest element is between 1 and 2: they have no direction.
template <class T>
inline constexpr Real<T> NOISE = EPSILON<T> * EPSILON<T>;

// Rows of n numbers.
template <class T>
struct Rows {
  std::vector<T> data;
  std::int64_t n;

  explicit Rows(std::int64_t size) : data(static_cast<std::size_t>(size * size)), n(size) {}
  [[nodiscard]] T* row(std::int64_t i) { return data.data() + i * n; }
};

// p = c p - s conj(phase) q, q = s phase p + c q
template <class T>
void rotate(T* p, T* q, std::int64_t n, Real<T> cosine, T turned) {
  const T back = -conjugate(turned);
  for (std::int64_t i = 0; i < n; ++i) {
    const T was = p[i];
    p[i] = was * cosine + times(back, q[i]);
    q[i] = times(turned, was) + q[i] * cosine;
  }
}

// Makes rows p and q of g orthogonal. Whether they were not.
template <class T>
bool orthogonalise(Rows<T>& g, Rows<T>& v, std::int64_t p, std::int64_t q) {
  const Real<T> first = std::real(inner_product(g.row(p), g.row(p), g.n));
  const Real<T> second = std::real(inner_product(g.row(q), g.row(q), g.n));
  const T product = inner_product(g.row(p), g.row(q), g.n);
  const Real<T> size = std::abs(product);
  // Rounding of the rotations before leaves as much.
  const Real<T> tolerance = EPSILON<T> * std::max(Real<T>{4}, std::sqrt(static_cast<Real<T>>(g.n)));
  const bool noise = std::min(first, second) <= NOISE<T> * NOISE<T>;
  if (noise || !(size > tolerance * std::sqrt(first) * std::sqrt(second))) {
    return false;
  }
  const Real<T> zeta = (second - first) / (2 * size);
  const Real<T> tangent = std::copysign(1 / (std::abs(zeta) + std::hypot(Real<T>{1}, zeta)), zeta);
  const Real<T> cosine = 1 / std::hypot(Real<T>{1}, tangent);
  const T turned = product / size * (cosine * tangent);
  rotate(g.row(p), g.row(q), g.n, cosine, turned);
  rotate(v.row(p), v.row(q), v.n, cosine, turned);
  return true;
}

// Every pair once, in rounds of pairs that share no row.
template <class T>
bool sweep(Rows<T>& g, Rows<T>& v) {
  const std::int64_t players = g.n + g.n % 2;
  std::atomic<bool> changed{false};
  for (std::int64_t round = 0; round + 1 < players; ++round) {
    const std::int64_t grain = std::max<std::int64_t>(1, (1 << 13) / g.n);
    parallel_for(players / 2, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t pair = begin; pair < end; ++pair) {
        const std::int64_t left = pair == 0 ? players - 1 : (round + pair) % (players - 1);
        const std::int64_t right = (round + players - 1 - pair) % (players - 1);
        if (std::max(left, right) < g.n && orthogonalise(g, v, std::min(left, right), std::max(left, right))) {
          changed.store(true, std::memory_order_relaxed);
        }
      }
    });
  }
  return changed;
}

// Row i becomes a unit vector orthogonal to the rows before it: of the axes, the one that is furthest from them.
template <class T>
void complete(Rows<T>& rows, std::int64_t i) {
  std::vector<Real<T>> covered(static_cast<std::size_t>(rows.n));
  for (std::int64_t before = 0; before < i; ++before) {
    for (std::int64_t k = 0; k < rows.n; ++k) {
      covered[static_cast<std::size_t>(k)] += square_of(rows.row(before)[k]);
    }
  }
  std::fill_n(rows.row(i), rows.n, T{});
  rows.row(i)[std::min_element(covered.begin(), covered.end()) - covered.begin()] = T{1};
  for (int twice = 0; twice < 2; ++twice) {
    for (std::int64_t before = 0; before < i; ++before) {
      add_scaled(rows.row(i), -inner_product(rows.row(before), rows.row(i), rows.n), rows.row(before), rows.n);
    }
  }
  const Real<T> length = std::sqrt(std::real(inner_product(rows.row(i), rows.row(i), rows.n)));
  for (std::int64_t k = 0; k < rows.n; ++k) {
    rows.row(i)[k] /= length;
  }
}

template <class T>
Real<T> scale_of(const T* a, std::int64_t count) {
  Real<T> largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    largest = std::max(largest, std::abs(a[i]));
    if (!std::isfinite(std::abs(a[i]))) {
      refuse("svd: a matrix holds infinities or NaN");
    }
  }
  return largest > 0 ? std::exp2(-std::floor(std::log2(largest))) : Real<T>{1};
}

template <class T>
struct Parts {
  T* u;
  Real<T>* s;
  T* v_adjoint;
  std::int64_t kept;
};

// Lengths of the rows of g, largest first; g and v in that order, those of g made units.
template <class T>
std::vector<Real<T>> sorted_lengths(Rows<T>& g, Rows<T>& v) {
  std::vector<std::pair<Real<T>, std::int64_t>> lengths;
  for (std::int64_t i = 0; i < g.n; ++i) {
    lengths.emplace_back(std::sqrt(std::real(inner_product(g.row(i), g.row(i), g.n))), i);
  }
  std::sort(lengths.rbegin(), lengths.rend());
  Rows<T> new_g(g.n);
  Rows<T> new_v(g.n);
  std::vector<Real<T>> sorted;
  for (std::int64_t i = 0; i < g.n; ++i) {
    const auto [length, from] = lengths[static_cast<std::size_t>(i)];
    std::copy_n(v.row(from), g.n, new_v.row(i));
    sorted.push_back(length);
    if (length <= NOISE<T>) {
      complete(new_g, i);
      continue;
    }
    std::transform(g.row(from), g.row(from) + g.n, new_g.row(i), [length = length](T x) { return x / length; });
  }
  std::swap(g, new_g);
  std::swap(v, new_v);
  return sorted;
}

// R^H = G, of which row i is conj(R[i, :]). Rotations from the right make the columns of R^H orthogonal:
// R^H V = W diag(s), hence A = Q R = (Q V) diag(s) W^H.
template <class T>
void decompose(const Stack& stack, T* a, const Parts<T>& parts) {
  const std::int64_t n = stack.columns;
  const Real<T> scale = scale_of(a, stack.rows * n);
  std::transform(a, a + stack.rows * n, a, [scale](T x) { return x * scale; });
  const Reflections<T> reflections(a, stack.rows, n);
  Rows<T> g(n);
  Rows<T> v(n);
  for (std::int64_t i = 0; i < n; ++i) {
    std::transform(a + i * n, a + (i + 1) * n, g.row(i), [](T x) { return conjugate(x); });
    v.row(i)[i] = T{1};
  }
  for (int sweeps = 0; n > 1 && sweep(g, v); ++sweeps) {
    if (sweeps == MOST_SWEEPS) {
      refuse("svd: no convergence");
    }
  }
  const std::vector<Real<T>> lengths = sorted_lengths(g, v);
  std::fill_n(parts.u, stack.rows * parts.kept, T{});
  for (std::int64_t i = 0; i < n; ++i) {
    parts.s[i] = lengths[static_cast<std::size_t>(i)] / scale;
    for (std::int64_t j = 0; j < n; ++j) {
      parts.u[i * parts.kept + j] = v.row(j)[i];
      parts.v_adjoint[i * n + j] = conjugate(g.row(i)[j]);
    }
  }
  for (std::int64_t i = n; i < parts.kept; ++i) {
    parts.u[i * parts.kept + i] = T{1};
  }
  reflections.apply_to({parts.u, parts.kept}, parts.kept);
}

}  // namespace
}  // namespace linalg

void singular_values(const Stack& stack, std::byte* a, std::byte* u, std::byte* s, std::byte* v_adjoint,
                     std::int64_t kept) {
  const std::int64_t n = stack.columns;
  linalg::with_field(stack.dtype, "svd", [&]<class T>(T) {
    linalg::for_each_matrix(stack, [&](std::int64_t i) {
      const linalg::Parts<T> parts{reinterpret_cast<T*>(u) + i * stack.rows * kept,
                                   reinterpret_cast<linalg::Real<T>*>(s) + i * n,
                                   reinterpret_cast<T*>(v_adjoint) + i * n * n, kept};
      linalg::decompose(stack, reinterpret_cast<T*>(a) + i * stack.rows * n, parts);
    });
  });
}

}  // namespace assay
