// Elementwise operations on arrays and Python's numbers.
#pragma once

#include "assay/kernels/elementwise.h"
#include "object.h"

namespace assay::python {

// A new reference; NotImplemented where an operand is neither an array nor a number, or neither is an array.
[[nodiscard]] PyObject* binary_of(Binary operation, PyObject* a, PyObject* b);
// Into `target`, which must have the result's type and shape. NotImplemented as above.
[[nodiscard]] PyObject* binary_into(Binary operation, ArrayObject& target, PyObject* b);
[[nodiscard]] Owned unary_of(Unary operation, ArrayObject& array);

// The shape to which all are broadcast; throws Error that names the operation.
[[nodiscard]] Dimensions broadcast(std::string_view operation, std::initializer_list<View> views);

// A C-contiguous copy in that type.
[[nodiscard]] Owned copied(const ArrayObject& array, DType dtype);
// target[...] = source, broadcast and converted; they may overlap.
void assign(ArrayObject& target, const ArrayObject& source);

// A tuple of arrays, one behind the other; None where types or shapes are not alike: Python knows what to do, or to
// say.
[[nodiscard]] Owned concatenated(PyObject& arrays, std::int64_t axis);

void require_writable(const ArrayObject& array);

}  // namespace assay::python
