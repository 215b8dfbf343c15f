// Operators of the array type.
#pragma once

#include <vector>

#include "object.h"

namespace assay::python {

// Without the entry that ends a list.
[[nodiscard]] std::vector<PyType_Slot> number_slots();

}  // namespace assay::python
