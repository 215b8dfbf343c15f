// Elements by place and by order.
#pragma once

#include <vector>

#include "object.h"

namespace assay::python {

// Bytes from the first element of an axis to each index; IndexError where there is none.
[[nodiscard]] Owned array_offsets(ArrayObject& indices, std::int64_t length, std::int64_t stride);
[[nodiscard]] Owned array_gather(ArrayObject& array, std::int64_t offset, ArrayObject& offsets, const Dimensions& shape,
                                 const Dimensions& strides);
void array_scatter(ArrayObject& array, std::int64_t offset, ArrayObject& offsets, const Dimensions& shape,
                   const Dimensions& strides, ArrayObject& values);
[[nodiscard]] std::vector<Owned> array_nonzero(ArrayObject& array);
[[nodiscard]] Owned array_sort(ArrayObject& array, bool descending);
[[nodiscard]] Owned array_argsort(ArrayObject& array, bool descending);
[[nodiscard]] Owned array_searchsorted(ArrayObject& line, ArrayObject& values, bool right);
[[nodiscard]] Owned array_arange(DType dtype, PyObject& start, PyObject& step, std::int64_t count);

}  // namespace assay::python
