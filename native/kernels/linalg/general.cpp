// Eigenvalues of any square matrix: reflections leave one diagonal below the main one, shifted QR steps remove it, and
// the vectors of the triangle that remains are found from below.

#include "reflect.h"

namespace assay {
namespace linalg {
namespace {

using Complex = std::complex<double>;

constexpr int MOST_STEPS = 60;  // for one value; two or three are usual

struct Matrix {
  std::int64_t n;
  std::vector<Complex> data;

  explicit Matrix(std::int64_t size) : n(size), data(static_cast<std::size_t>(size * size)) {}
  [[nodiscard]] Complex& at(std::int64_t i, std::int64_t j) { return data[static_cast<std::size_t>(i * n + j)]; }
  [[nodiscard]] Complex* row(std::int64_t i) { return data.data() + i * n; }
};

// A = Q H Q^H
void make_hessenberg(Matrix& a, Matrix& q) {
  const std::int64_t n = a.n;
  for (std::int64_t k = 0; k + 2 < n; ++k) {
    std::vector<Complex> v(static_cast<std::size_t>(n - k - 1));
    for (std::int64_t i = k + 1; i < n; ++i) {
      v[static_cast<std::size_t>(i - k - 1)] = a.at(i, k);
    }
    const Complex tau = reflect(v.data(), n - k - 1);
    const Complex beta = v[0];
    v[0] = 1;
    std::vector<Complex> sums(static_cast<std::size_t>(n));
    for (std::int64_t i = k + 1; i < n; ++i) {
      add_scaled(sums.data() + k, std::conj(v[static_cast<std::size_t>(i - k - 1)]), a.row(i) + k, n - k);
    }
    for (std::int64_t i = k + 1; i < n; ++i) {
      const Complex factor = -times(std::conj(tau), v[static_cast<std::size_t>(i - k - 1)]);
      add_scaled(a.row(i) + k, factor, sums.data() + k, n - k);
    }
    std::vector<Complex> conjugated(v.size());
    std::transform(v.begin(), v.end(), conjugated.begin(), [](Complex x) { return std::conj(x); });
    for (Matrix* const matrix : {&a, &q}) {
      for (std::int64_t i = 0; i < n; ++i) {
        Complex* const row = matrix->row(i) + k + 1;
        const Complex sum = inner_product(conjugated.data(), row, n - k - 1);
        add_scaled(row, -times(tau, sum), conjugated.data(), n - k - 1);
      }
    }
    a.at(k + 1, k) = beta;
    for (std::int64_t i = k + 2; i < n; ++i) {
      a.at(i, k) = 0;
    }
  }
}

// Of the last two by two, the value nearer to its corner.
Complex shift_of(Matrix& h, std::int64_t last) {
  const Complex half = (h.at(last - 1, last - 1) - h.at(last, last)) / 2.0;
  const Complex product = h.at(last - 1, last) * h.at(last, last - 1);
  Complex root = std::sqrt(half * half + product);
  root = std::real(half * std::conj(root)) < 0 ? -root : root;
  const Complex sum = half + root;
  return sum == 0.0 ? h.at(last, last) : h.at(last, last) - product / sum;
}

struct Turn {
  double cosine;
  Complex sine;
};

// (cosine, sine; -conj(sine), cosine) (a, b) = (r, 0)
Turn turn_of(Complex a, Complex b) {
  const double size = std::abs(a);
  const double length = std::hypot(size, std::abs(b));
  if (length == 0) {
    return {1, 0};
  }
  if (size == 0) {
    return {0, std::conj(b) / length};
  }
  return {size / length, a / size * std::conj(b) / length};
}

void turn_rows(Complex* upper, Complex* lower, std::int64_t count, const Turn& turn) {
  for (std::int64_t j = 0; j < count; ++j) {
    const Complex was = upper[j];
    upper[j] = was * turn.cosine + times(turn.sine, lower[j]);
    lower[j] = lower[j] * turn.cosine - times(std::conj(turn.sine), was);
  }
}

void turn_columns(Matrix& matrix, std::int64_t rows, std::int64_t column, const Turn& turn) {
  for (std::int64_t i = 0; i < rows; ++i) {
    Complex* const pair = matrix.row(i) + column;
    const Complex was = pair[0];
    pair[0] = was * turn.cosine + times(std::conj(turn.sine), pair[1]);
    pair[1] = pair[1] * turn.cosine - times(turn.sine, was);
  }
}

void qr_step(Matrix& h, Matrix& q, std::int64_t first, std::int64_t last, Complex shift) {
  for (std::int64_t i = first; i <= last; ++i) {
    h.at(i, i) -= shift;
  }
  std::vector<Turn> turns;
  for (std::int64_t k = first; k < last; ++k) {
    turns.push_back(turn_of(h.at(k, k), h.at(k + 1, k)));
    turn_rows(h.row(k) + k, h.row(k + 1) + k, h.n - k, turns.back());
    h.at(k + 1, k) = 0;
  }
  for (std::int64_t k = first; k < last; ++k) {
    const Turn& turn = turns[static_cast<std::size_t>(k - first)];
    turn_columns(h, std::min(k + 2, last + 1), k, turn);
    turn_columns(q, q.n, k, turn);
  }
  for (std::int64_t i = first; i <= last; ++i) {
    h.at(i, i) += shift;
  }
}

void make_triangular(Matrix& h, Matrix& q) {
  int steps = 0;
  for (std::int64_t last = h.n - 1; last > 0;) {
    std::int64_t first = last;
    const auto is_small = [&](std::int64_t i) {
      const double beside = std::abs(h.at(i, i)) + std::abs(h.at(i - 1, i - 1));
      return !(std::abs(h.at(i, i - 1)) > EPSILON<double> * beside);
    };
    while (first > 0 && !is_small(first)) {
      --first;
    }
    if (first > 0) {
      h.at(first, first - 1) = 0;
    }
    if (first == last) {
      --last;
      steps = 0;
      continue;
    }
    if (++steps > MOST_STEPS) {
      refuse("eig: no convergence; the matrix holds infinities or NaN");
    }
    // An unusual shift now and then ends a circle.
    const Complex shift = steps % 10 == 0 ? h.at(last, last) + std::abs(h.at(last, last - 1)) : shift_of(h, last);
    qr_step(h, q, first, last, shift);
  }
}

// The vector of value k of a triangle, as a combination of the first k + 1 columns.
std::vector<Complex> vector_of(Matrix& t, std::int64_t k, double smallest) {
  std::vector<Complex> x(static_cast<std::size_t>(k + 1));
  x[static_cast<std::size_t>(k)] = 1;
  for (std::int64_t i = k; i-- > 0;) {
    Complex sum = 0;
    for (std::int64_t j = i + 1; j <= k; ++j) {
      sum += times(t.at(i, j), x[static_cast<std::size_t>(j)]);
    }
    Complex distance = t.at(k, k) - t.at(i, i);
    distance = std::abs(distance) < smallest ? smallest : distance;
    x[static_cast<std::size_t>(i)] = sum / distance;
    const double size = std::abs(x[static_cast<std::size_t>(i)]);
    if (size > 1e100) {
      std::transform(x.begin(), x.end(), x.begin(), [size](Complex one) { return one / size; });
    }
  }
  return x;
}

void eigen_one(Complex* a, Complex* values, std::int64_t n) {
  Matrix h(n);
  Matrix q(n);
  double largest = 0;
  for (std::int64_t i = 0; i < n * n; ++i) {
    largest = std::max(largest, std::abs(a[i]));
  }
  const double scale = largest > 0 && std::isfinite(largest) ? std::exp2(-std::floor(std::log2(largest))) : 1.0;
  std::transform(a, a + n * n, h.data.begin(), [scale](Complex x) { return x * scale; });
  for (std::int64_t i = 0; i < n; ++i) {
    q.at(i, i) = 1;
  }
  make_hessenberg(h, q);
  make_triangular(h, q);
  for (std::int64_t k = 0; k < n; ++k) {
    values[k] = h.at(k, k) / scale;
    const std::vector<Complex> x = vector_of(h, k, EPSILON<double> * static_cast<double>(n));
    double squares = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      Complex sum = 0;
      for (std::int64_t j = 0; j <= k; ++j) {
        sum += times(q.at(i, j), x[static_cast<std::size_t>(j)]);
      }
      a[i * n + k] = sum;
      squares += std::norm(sum);
    }
    for (std::int64_t i = 0; i < n; ++i) {
      a[i * n + k] /= std::sqrt(squares);
    }
  }
}

}  // namespace
}  // namespace linalg

void eigen(const Stack& stack, std::byte* a, std::byte* values) {
  if (stack.dtype != DType::c128) {
    throw Error(ErrorKind::type, "eig: expected elements of type complex128");
  }
  linalg::for_each_matrix(stack, [&](std::int64_t i) {
    linalg::eigen_one(reinterpret_cast<linalg::Complex*>(a) + i * stack.rows * stack.rows,
                      reinterpret_cast<linalg::Complex*>(values) + i * stack.rows, stack.rows);
  });
}

}  // namespace assay
