// What the rungs of a sum share. Declarations only: a file compiled for AVX-512 must not define anything that the
// linker could choose for other files too.
#pragma once

#include <cstdint>

namespace assay::reduce {

// Adds the values after the last whole block of SUM_LANES to their lanes and folds the lanes into one number.
[[nodiscard]] double finish(double* lanes, const float* tail, std::int64_t count);
[[nodiscard]] double finish(double* lanes, const double* tail, std::int64_t count);

}  // namespace assay::reduce
