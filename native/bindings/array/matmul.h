#pragma once

#include "object.h"

namespace assay::python {

// As the array API standard has it: the last two axes are matrices, the others are broadcast; one axis is a vector.
[[nodiscard]] Owned matmul(const ArrayObject& a, const ArrayObject& b);

}  // namespace assay::python
