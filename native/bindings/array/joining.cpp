// Arrays one behind the other.

#include "../methods.h"
#include "operate.h"
#include "work.h"

namespace assay::python {
namespace {

// Shapes that differ along the axis alone.
bool fits_along(const ArrayObject& first, const ArrayObject& other, std::size_t along) {
  if (other.dtype != first.dtype || other.ndim != first.ndim) {
    return false;
  }
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(first.ndim); ++axis) {
    if (axis != along && other.shape[axis] != first.shape[axis]) {
      return false;
    }
  }
  return true;
}

// None where types or shapes are not alike: Python knows what to do, or to say.
Owned concatenated(PyObject& arrays, std::int64_t axis) {
  const Py_ssize_t count = PyTuple_Size(&arrays);
  if (count < 0) {
    throw ErrorIsSet{};
  }
  std::vector<ArrayObject*> parts;
  for (Py_ssize_t i = 0; i < count; ++i) {
    parts.push_back(as_array(PyTuple_GetItem(&arrays, i)));
    if (parts.back() == nullptr || axis < 0 || axis >= parts.front()->ndim ||
        !fits_along(*parts.front(), *parts.back(), static_cast<std::size_t>(axis))) {
      return Owned(none());
    }
  }
  if (parts.empty()) {
    return Owned(none());
  }
  const ArrayObject& first = *parts.front();
  const auto along = static_cast<std::size_t>(axis);
  Dimensions shape = dimensions_of(first.shape);
  shape.values[along] = 0;
  for (const ArrayObject* const part : parts) {
    shape.values[along] += part->shape[along];
  }
  Owned result = new_array(first.dtype, shape.count, shape.values.data());
  View place = view_of(result.array());
  for (const ArrayObject* const part : parts) {
    Dimensions part_shape = dimensions_of(part->shape);
    place.shape = part_shape.values.data();
    run_on(Task{"copy", first.dtype, part->size, 0}, std::array{seen(*part), Seen{place, result.array().storage}},
           [](const auto& views) { copy(views[0], views[1]); });
    place.data += part->shape[along] * place.strides[along];
  }
  return result;
}

const Methods methods{
    bind<&concatenated, "array_concat">("(tuple of arrays, axis): one behind the other, or None where they differ."),
};

}  // namespace
}  // namespace assay::python
