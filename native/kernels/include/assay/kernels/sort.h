// Order along contiguous rows. NaN comes last, also in descending order; -0.0 and 0.0 are equal. Stable.
#pragma once

#include <cstdint>

#include "assay/kernels/strided.h"

namespace assay {

// Sorts each of `rows` rows of `length` elements in place. Throws Error for complex numbers, which have no order.
void sort_rows(DType type, std::byte* values, std::int64_t rows, std::int64_t length, bool descending);

// places[i] is where the i-th element of the sorted row stands.
void argsort_rows(DType type, const std::byte* values, std::int64_t rows, std::int64_t length, bool descending,
                  std::int64_t* places);

// For each value, how many elements of the sorted line are less (or, for `right`, not greater).
void searchsorted(DType type, const std::byte* line, std::int64_t length, const std::byte* values, std::int64_t count,
                  bool right, std::int64_t* places);

}  // namespace assay
