// Elements at places that arrays tell.
#pragma once

#include <cstdint>
#include <optional>

#include "assay/kernels/strided.h"

namespace assay {

// For each of `count` indices into an axis, how many bytes its place lies from the first; negative ones count from the
// end. Returns the first index that is out of bounds, if any; then `offsets` is not complete.
[[nodiscard]] std::optional<std::int64_t> offsets_of(const std::int64_t* indices, std::int64_t count,
                                                     std::int64_t length, std::int64_t stride, std::int64_t* offsets);

// out[i] = the elements of `part`, moved by offsets[i] bytes. `out` is contiguous: count times the shape of `part`.
void gather(const View& part, const std::int64_t* offsets, std::int64_t count, std::byte* out);

// The other way; where two offsets are the same, the later one stays.
void scatter(const View& part, const std::int64_t* offsets, std::int64_t count, const std::byte* values);

// The places of elements that are not zero, in C order: `places` has room for as many as there are for each axis, one
// axis after the other. `in` is contiguous; `total` is how many there are.
void nonzero(const View& in, std::int64_t total, std::int64_t* places);

}  // namespace assay
