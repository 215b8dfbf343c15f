// How a range of elements is shared out.
#pragma once

#include <cstdint>

namespace assay::elementwise {

// Elements below which another thread isn't worth waking.
inline constexpr std::int64_t CHEAP_GRAIN = 1 << 16;
inline constexpr std::int64_t MATH_GRAIN = 1 << 13;
inline constexpr std::int64_t COSTLY_GRAIN = 1 << 12;

}  // namespace assay::elementwise
