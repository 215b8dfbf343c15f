// Sums whose result doesn't depend on the machine.
//
// The order of the additions is part of the contract, so that every rung returns the same bits (NaN payloads aside):
// element i is added, in order, to lane i mod SUM_LANES, each lane being one fp64 number that starts at zero; then the
// upper half of the lanes is added to the lower half until one is left. fp32 elements are widened exactly.
// The error is at most (count / SUM_LANES + 5) * 2^-53 * sum |x|.
#pragma once

#include <cstdint>
#include <span>

#include "assay/kernels/registry.h"

namespace assay {

inline constexpr std::int64_t SUM_LANES = 32;

using SumF32 = double (*)(const float* values, std::int64_t count);
using SumF64 = double (*)(const double* values, std::int64_t count);

// By the best rung for this machine.
[[nodiscard]] double sum(std::span<const float> values);
[[nodiscard]] double sum(std::span<const double> values);

// By one rung.
[[nodiscard]] double sum(std::span<const float> values, Rung rung);
[[nodiscard]] double sum(std::span<const double> values, Rung rung);

}  // namespace assay
