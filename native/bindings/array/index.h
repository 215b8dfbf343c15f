#pragma once

#include "object.h"

namespace assay::python {

// array[key]: a view where the key is made of integers, slices, ellipsis and None; Python's answer to any other.
[[nodiscard]] PyObject* subscript(PyObject* array, PyObject* key) noexcept;

// The Python function (array, key) that answers.
void set_subscript_fallback(PyObject* function);

}  // namespace assay::python
