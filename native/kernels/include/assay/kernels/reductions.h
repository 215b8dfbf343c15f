// Many elements made one. The result is the same for any number of threads: work is cut by size alone.
#pragma once

#include <cstdint>

#include "assay/kernels/registry.h"
#include "assay/kernels/strided.h"

namespace assay {

enum class Reduction : std::uint8_t { sum, product, minimum, maximum, any, all, count_nonzero };

// The type in which a reduction of `type` is accumulated: fp64 for floating sums, 64 bits for integer ones.
// Throws Error where the reduction has no meaning for the type.
[[nodiscard]] DType accumulated_in(Reduction reduction, DType type);

// The first `out.ndim` axes of `in` are those of `out` and equally long; the rest is reduced.
// `out` is C-contiguous and of the type that accumulated_in() says. Sums of fp32 and fp64 along contiguous memory are
// made in the lanes of assay/kernels/reduce.h.
void reduce(Reduction reduction, const View& in, const View& out);

// Places (int64, counted in the order of the reduced axes) of the first largest or smallest element; NaN is first of
// all. The reduced axes hold at least one element.
void arg_extreme(bool largest, const View& in, const View& out);

// Running sums or products along the last axis; `out` has the shape of `in`, or one more along that axis, which then
// begins with the identity. Its type is what accumulated_in() says.
void scan(Reduction reduction, const View& in, const View& out);

// Folds `count` elements at a constant stride into one accumulator, or into one accumulator each.
using Fold = void (*)(const std::byte* in, std::int64_t stride, std::byte* accumulator, std::int64_t count);
struct FoldLoops {
  Fold into_one;
  Fold into_each;
  void (*begin)(std::byte* accumulators, std::int64_t count);
};
using FoldTable = FoldLoops (*)(Reduction reduction, DType type);

[[nodiscard]] FoldLoops folds_of(Reduction reduction, DType type, Rung rung);

}  // namespace assay
