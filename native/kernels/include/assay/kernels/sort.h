// Order along contiguous rows. NaN comes last, also in descending order; -0.0 and 0.0 are equal. Stable.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/core/dtype.h"

namespace assay {

// Sorts each of `rows` rows of `length` elements in place. Throws Error for complex numbers, which have no order.
void sort_rows(DType type, std::byte* values, std::int64_t rows, std::int64_t length, bool descending);

// places[i] is where the i-th element of the sorted row stands.
void argsort_rows(DType type, const std::byte* values, std::int64_t rows, std::int64_t length, bool descending,
                  std::int64_t* places);

// What rungs register. Runs task(context, 0) and task(context, 1), maybe at once.
using Share = void (*)(void (*task)(void* context, std::int64_t side), void* context);

// Sorts one row; the table has null where the rung can't.
using LineSort = void (*)(std::byte* values, std::int64_t count, bool descending, Share share);
using LineSortTable = LineSort (*)(DType type);

// Places of `count` unsigned keys of 4 or 8 bytes, of fewer than 2^32. False where the rung has nothing for so many.
using PlaceKeys = bool (*)(const void* keys, std::int64_t key_bytes, std::int64_t count, std::int64_t* places,
                           Share share);

// For each value, how many elements of the sorted line are less (or, for `right`, not greater).
void searchsorted(DType type, const std::byte* line, std::int64_t length, const std::byte* values, std::int64_t count,
                  bool right, std::int64_t* places);

}  // namespace assay
