// Householder's reflections H = I - tau v v^H with v[0] = 1, and blocks of them, H_0 H_1 … = I - V T V^H.
#pragma once

#include "field.h"

namespace assay::linalg {

// Turns x into (beta, 0, …): x becomes v, without its first element, which is beta. Returns tau; H^H x = (beta, 0, …).
template <class T>
T reflect(T* x, std::int64_t count) {
  Real<T> rest = 0;
  for (std::int64_t i = 1; i < count; ++i) {
    rest += square_of(x[i]);
  }
  const T head = x[0];
  if (rest == 0 && std::imag(head) == 0) {
    return T{};
  }
  const Real<T> length = std::sqrt(square_of(head) + rest);
  const Real<T> beta = std::real(head) > 0 ? -length : length;
  const T factor = T{1} / (head - beta);
  for (std::int64_t i = 1; i < count; ++i) {
    x[i] = times(x[i], factor);
  }
  x[0] = beta;
  return (beta - head) / beta;
}

// A = Q R by blocks: R, and the reflections that make up Q.
template <class T>
class Reflections {
 public:
  // Overwrites `a` (rows by columns), which then has R on and above its diagonal.
  Reflections(T* a, std::int64_t rows, std::int64_t columns) : rows_(rows) {
    for (std::int64_t first = 0; first < std::min(rows, columns); first += BLOCK) {
      const std::int64_t width = std::min({BLOCK, columns - first, rows - first});
      blocks_.push_back(reduce(a, columns, first, width));
      const std::int64_t left = columns - first - width;
      if (left > 0) {
        apply(blocks_.back(), true, Part<T>{a + first * columns + first + width, columns}, left);
      }
    }
  }

  // None yet, of vectors of so many numbers.
  explicit Reflections(std::int64_t rows) : rows_(rows) {}

  // One more, I - tau v v^H; v begins at number `first`, one behind that of the last one added.
  void add(std::int64_t first, const T* v, T tau) {
    if (blocks_.empty() || first - blocks_.back().first == BLOCK) {
      blocks_.push_back(empty(first, BLOCK));
      used_ = 0;
    }
    Block& block = blocks_.back();
    for (std::int64_t i = first; i < rows_; ++i) {
      block.v[static_cast<std::size_t>((i - block.first) * BLOCK + used_)] = v[i - first];
    }
    extend(block, used_++, tau);
  }

  // C = Q C, where C has as many rows as A had.
  void apply_to(Part<T> c, std::int64_t columns) const {
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
      apply(*block, false, {c.data + block->first * c.row, c.row}, columns);
    }
  }

 private:
  static constexpr std::int64_t BLOCK = 32;

  struct Block {
    std::int64_t first;
    std::int64_t height;
    std::int64_t width;
    std::vector<T> v;  // height by width
    std::vector<T> t;  // width by width, upper triangle
  };

  // Its reflections change nothing yet.
  [[nodiscard]] Block empty(std::int64_t first, std::int64_t width) const {
    const std::int64_t height = rows_ - first;
    return {first, height, width, std::vector<T>(static_cast<std::size_t>(height * width)),
            std::vector<T>(static_cast<std::size_t>(width * width))};
  }

  Block reduce(T* a, std::int64_t columns, std::int64_t first, std::int64_t width) {
    const std::int64_t height = rows_ - first;
    Block block = empty(first, width);
    std::vector<T> x(static_cast<std::size_t>(height));
    for (std::int64_t j = 0; j < width; ++j) {
      T* const corner = a + (first + j) * columns + first + j;
      const std::int64_t below = height - j;
      for (std::int64_t i = 0; i < below; ++i) {
        x[static_cast<std::size_t>(i)] = corner[i * columns];
      }
      const T tau = reflect(x.data(), below);
      corner[0] = x[0];
      x[0] = T{1};
      for (std::int64_t i = 0; i < below; ++i) {
        block.v[static_cast<std::size_t>((i + j) * width + j)] = x[static_cast<std::size_t>(i)];
        corner[i * columns] = i == 0 ? corner[0] : T{};
      }
      turn(corner + 1, columns, x, below, width - j - 1, conjugate(tau));
      extend(block, j, tau);
    }
    return block;
  }

  // A -= tau v (v^H A) for the rest of the panel.
  static void turn(T* a, std::int64_t stride, const std::vector<T>& v, std::int64_t rows, std::int64_t columns, T tau) {
    T sums[BLOCK] = {};
    for (std::int64_t i = 0; i < rows; ++i) {
      add_scaled(sums, conjugate(v[static_cast<std::size_t>(i)]), a + i * stride, columns);
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      add_scaled(a + i * stride, -times(tau, v[static_cast<std::size_t>(i)]), sums, columns);
    }
  }

  // The column j of T: -tau T V^H v above the diagonal, tau on it.
  static void extend(Block& block, std::int64_t j, T tau) {
    const std::int64_t width = block.width;
    T products[BLOCK] = {};
    for (std::int64_t i = j; i < block.height; ++i) {
      const T* const row = block.v.data() + i * width;
      for (std::int64_t l = 0; l < j; ++l) {
        products[l] += times(conjugate(row[l]), row[j]);
      }
    }
    for (std::int64_t i = 0; i < j; ++i) {
      T sum{};
      for (std::int64_t l = i; l < j; ++l) {
        sum += times(block.t[static_cast<std::size_t>(i * width + l)], products[l]);
      }
      block.t[static_cast<std::size_t>(i * width + j)] = -times(tau, sum);
    }
    block.t[static_cast<std::size_t>(j * width + j)] = tau;
  }

  // C -= V T V^H C, or with T^H for the adjoint.
  static void apply(const Block& block, bool adjoint, Part<T> c, std::int64_t columns) {
    const Part<T> v{const_cast<T*>(block.v.data()), block.width};
    const Part<T> t{const_cast<T*>(block.t.data()), block.width};
    std::vector<T> first(static_cast<std::size_t>(block.width * columns));
    std::vector<T> second(first.size());
    const Part<T> w{first.data(), columns};
    const Part<T> turned{second.data(), columns};
    multiply(w, Real<T>{0}, Real<T>{1}, v.adjoint(), c, block.width, columns, block.height);
    multiply(turned, Real<T>{0}, Real<T>{1}, adjoint ? t.adjoint() : t, w, block.width, columns, block.width);
    multiply(c, Real<T>{1}, Real<T>{-1}, v, turned, block.height, columns, block.width);
  }

  std::int64_t rows_;
  std::int64_t used_ = 0;  // of the last block, where reflections were added one by one
  std::vector<Block> blocks_;
};

}  // namespace assay::linalg
