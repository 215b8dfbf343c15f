// Memory seen as an array of up to MAX_DIMENSIONS dimensions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/core/dtype.h"

namespace assay {

inline constexpr int MAX_DIMENSIONS = 32;

// Element (i, j, …) lies at data + i * strides[0] + j * strides[1] + …; strides are in bytes and may be zero or
// negative; every element is aligned to its type. Shape and strides stay the caller's.
struct View {
  std::byte* data;
  DType dtype;
  int ndim;
  const std::int64_t* shape;
  const std::int64_t* strides;
};

[[nodiscard]] inline std::int64_t count_of(const View& view) {
  std::int64_t count = 1;
  for (int axis = 0; axis < view.ndim; ++axis) {
    count *= view.shape[axis];
  }
  return count;
}

}  // namespace assay
