// A = Q B P^H, where B is real and has nothing but a diagonal and the one above it.
#pragma once

#include "reflect.h"

namespace assay::linalg {

template <class T>
struct Bidiagonal {
  std::vector<Real<T>> diagonal;
  std::vector<Real<T>> above;
  Reflections<T> left;
  Reflections<T> right;
};

// Takes n by n numbers apart. Every step reads the matrix twice: while a product with it is taken, what the one before
// has changed is added in passing.
template <class T>
class Bidiagonalisation {
 public:
  Bidiagonalisation(T* a, std::int64_t n)
      : a_(a),
        n_(n),
        column_(static_cast<std::size_t>(n)),
        row_(column_),
        row_conjugated_(column_),
        sums_(column_),
        turned_(column_),
        found_{{}, {}, Reflections<T>(n), Reflections<T>(n)} {}

  Bidiagonal<T> run() {
    for (std::int64_t k = 0; k < n_; ++k) {
      reflect_column(k);
      if (k + 1 < n_) {
        sum_rows(k);
        reflect_row(k);
      }
    }
    found_.above.push_back(0);
    return std::move(found_);
  }

 private:
  // Of the matrix, `turned` row^H is still to be taken; nothing at first.
  void reflect_column(std::int64_t k) {
    const std::int64_t count = n_ - k;
    for (std::int64_t i = 0; i < count; ++i) {
      column_[at(i)] = a_[(k + i) * n_ + k] - times(turned_[at(k + i)], row_conjugated_[at(k)]);
    }
    left_tau_ = reflect(column_.data(), count);
    found_.diagonal.push_back(std::real(column_[0]));
    column_[0] = T{1};
    found_.left.add(k, column_.data(), left_tau_);
  }

  // sums = conj(tau) column^H A, for the columns behind k; the rows lose what they still had to.
  void sum_rows(std::int64_t k) {
    const std::int64_t first = k + 1;
    std::fill(sums_.begin(), sums_.end(), T{});
    parallel_for(n_ - first, std::max<std::int64_t>(64, grain_of(n_ - k)), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = k; i < n_; ++i) {
        add_add(a_ + i * n_ + first + begin, -turned_[at(i)], row_conjugated_.data() + first + begin,
                conjugate(column_[at(i - k)]), sums_.data() + first + begin, end - begin);
      }
    });
    for (std::int64_t j = first; j < n_; ++j) {
      sums_[at(j)] = times(conjugate(left_tau_), sums_[at(j)]);
    }
  }

  // The rows lose column sums; turned = tau A row.
  void reflect_row(std::int64_t k) {
    const std::int64_t first = k + 1;
    const std::int64_t count = n_ - first;
    for (std::int64_t j = first; j < n_; ++j) {
      row_[at(j)] = conjugate(a_[k * n_ + j] - sums_[at(j)]);
    }
    T* const row = row_.data() + first;
    const T tau = reflect(row, count);
    found_.above.push_back(std::real(row[0]));
    row[0] = T{1};
    found_.right.add(first, row, tau);
    for (std::int64_t j = first; j < n_; ++j) {
      row_conjugated_[at(j)] = conjugate(row_[at(j)]);
    }
    parallel_for(count, grain_of(count), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = first + begin; i < first + end; ++i) {
        turned_[at(i)] =
            times(tau, add_inner(a_ + i * n_ + first, -column_[at(i - k)], sums_.data() + first, row, count));
      }
    });
  }

  static std::size_t at(std::int64_t place) { return static_cast<std::size_t>(place); }

  T* a_;
  std::int64_t n_;
  std::vector<T> column_;
  std::vector<T> row_;
  std::vector<T> row_conjugated_;
  std::vector<T> sums_;
  std::vector<T> turned_;
  T left_tau_{};
  Bidiagonal<T> found_;
};

}  // namespace assay::linalg
