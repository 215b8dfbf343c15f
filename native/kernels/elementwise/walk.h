// How several arrays of one shape are walked: dimensions merged where memory allows, then row by row.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "assay/kernels/strided.h"

namespace assay::elementwise {

// Operands that have been broadcast to one shape. Always at least one dimension; the last is the row.
template <int OPERANDS>
struct Walk {
  int ndim = 0;
  std::int64_t count = 1;
  std::array<std::int64_t, MAX_DIMENSIONS + 1> shape;
  std::array<std::array<std::int64_t, OPERANDS>, MAX_DIMENSIONS + 1> strides;
  std::array<std::byte*, OPERANDS> data;

  [[nodiscard]] std::int64_t row() const { return shape[static_cast<std::size_t>(ndim - 1)]; }
  [[nodiscard]] const std::array<std::int64_t, OPERANDS>& row_strides() const {
    return strides[static_cast<std::size_t>(ndim - 1)];
  }
};

inline std::int64_t broadcast_stride(const View& view, int axis, int ndim) {
  const int own = axis - (ndim - view.ndim);
  return own < 0 || view.shape[own] == 1 ? 0 : view.strides[own];
}

// The last of `views` is the output, whose shape is everyone's.
template <int OPERANDS>
Walk<OPERANDS> walk_of(const std::array<const View*, OPERANDS>& views) {
  const View& out = *views[OPERANDS - 1];
  Walk<OPERANDS> walk;
  for (std::size_t k = 0; k < OPERANDS; ++k) {
    walk.data[k] = views[k]->data;
  }
  for (int axis = 0; axis < out.ndim; ++axis) {
    const std::int64_t length = out.shape[axis];
    walk.count *= length;
    if (length == 1) {
      continue;
    }
    std::array<std::int64_t, OPERANDS> strides;
    bool merges = walk.ndim > 0;
    for (std::size_t k = 0; k < OPERANDS; ++k) {
      strides[k] = broadcast_stride(*views[k], axis, out.ndim);
      merges = merges && walk.strides[static_cast<std::size_t>(walk.ndim - 1)][k] == strides[k] * length;
    }
    const auto place = static_cast<std::size_t>(merges ? walk.ndim - 1 : walk.ndim++);
    walk.shape[place] = merges ? walk.shape[place] * length : length;
    walk.strides[place] = strides;
  }
  if (walk.ndim == 0) {
    walk.ndim = 1;
    walk.shape[0] = 1;
    for (std::size_t k = 0; k < OPERANDS; ++k) {
      walk.strides[0][k] = 0;
    }
  }
  return walk;
}

// Calls body(pointers, count) for each piece of a row of the elements begin … end, counted in the shape's order.
template <int OPERANDS, class Body>
void for_rows(const Walk<OPERANDS>& walk, std::int64_t begin, std::int64_t end, const Body& body) {
  if (begin >= end) {
    return;
  }
  const auto last = static_cast<std::size_t>(walk.ndim - 1);
  const std::int64_t row = walk.shape[last];
  std::array<std::int64_t, MAX_DIMENSIONS + 1> index;
  std::array<std::byte*, OPERANDS> at = walk.data;
  std::int64_t column = begin % row;
  std::int64_t rest = begin / row;
  for (std::size_t axis = last; axis-- > 0;) {
    index[axis] = rest % walk.shape[axis];
    rest /= walk.shape[axis];
    for (std::size_t k = 0; k < OPERANDS; ++k) {
      at[k] += index[axis] * walk.strides[axis][k];
    }
  }
  while (begin < end) {
    const std::int64_t count = std::min(row - column, end - begin);
    std::array<std::byte*, OPERANDS> piece = at;
    for (std::size_t k = 0; k < OPERANDS; ++k) {
      piece[k] += column * walk.strides[last][k];
    }
    body(piece, count);
    begin += count;
    column = 0;
    for (std::size_t axis = last; axis-- > 0;) {
      const bool carries = ++index[axis] == walk.shape[axis];
      const std::int64_t steps = carries ? 1 - walk.shape[axis] : 1;
      for (std::size_t k = 0; k < OPERANDS; ++k) {
        at[k] += steps * walk.strides[axis][k];
      }
      if (!carries) {
        break;
      }
      index[axis] = 0;
    }
  }
}

}  // namespace assay::elementwise
