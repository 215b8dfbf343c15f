#pragma once

#include "assay/kernels/reductions.h"

namespace assay::reductions {

// Foldings of complex numbers; empty where there is none.
[[nodiscard]] FoldLoops complex_folds(Reduction reduction, DType type);

}  // namespace assay::reductions
