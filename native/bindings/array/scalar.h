// Single elements, to Python's numbers and back.
#pragma once

#include "object.h"

namespace assay::python {

enum class ScalarKind { none, boolean, integer, real, complex };

// Of Python's own numbers; none for anything else.
[[nodiscard]] ScalarKind scalar_kind(PyObject* object) noexcept;

// The type that a Python number takes on beside an array: the array's, if that can hold its kind.
[[nodiscard]] DType dtype_beside(DType array, ScalarKind scalar) noexcept;

void store_scalar(PyObject* value, DType dtype, std::byte* to);
[[nodiscard]] PyObject* load_scalar(const std::byte* from, DType dtype);

}  // namespace assay::python
