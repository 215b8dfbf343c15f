// What Python's arrays are built from. Arguments and results are described in src/assay/vgpu/_native.pyi.

#include <algorithm>
#include <optional>

#include "../methods.h"
#include "assay/kernels/reductions.h"
#include "exchange.h"
#include "index.h"
#include "matmul.h"
#include "object.h"
#include "operate.h"
#include "scalar.h"
#include "selecting.h"
#include "work.h"

namespace assay::python {
namespace {

std::vector<std::string_view> array_unary_names() { return {unary_names().begin(), unary_names().end()}; }
std::vector<std::string_view> array_binary_names() { return {binary_names().begin(), binary_names().end()}; }

Owned type() {
  Py_IncRef(array_type());
  return Owned(array_type());
}

void setup(PyObject& dtypes, PyObject& subscript) {
  array_setup(&dtypes);
  set_subscript_fallback(&subscript);
}

std::int64_t promoted(DType a, DType b) { return static_cast<std::int64_t>(promote(a, b)); }

Owned empty(DType dtype, const Dimensions& shape) { return new_array(dtype, shape.count, shape.values.data()); }

Owned full(DType dtype, const Dimensions& shape, PyObject& value) {
  alignas(16) std::byte element[16];
  store_scalar(&value, dtype, element);
  Owned result = new_array(dtype, shape.count, shape.values.data());
  run_on(Task{"full", dtype, result.array().size, 0},
         std::array{Seen{{element, dtype, 0, nullptr, nullptr}, nullptr}, seen(result.array())},
         [](const auto& views) { copy(views[0], views[1]); });
  return result;
}

// The items of a list, in C order.
Owned from_items(PyObject& items, DType dtype, const Dimensions& shape) {
  Owned result = new_array(dtype, shape.count, shape.values.data());
  if (PyList_Size(&items) != result.array().size) {
    throw TypeError("expected a list of as many items as the shape has elements");
  }
  for (std::int64_t i = 0; i < result.array().size; ++i) {
    store_scalar(PyList_GetItem(&items, i), dtype, result.array().data + i * size_of(dtype));
  }
  return result;
}

Owned items(ArrayObject& array) {
  if (!array.contiguous) {
    const Owned straight = copied(array, array.dtype);
    return items(straight.array());
  }
  Owned tuple(PyTuple_New(array.size));
  for (std::int64_t i = 0; i < array.size; ++i) {
    PyObject* const item = load_scalar(array.data + i * size_of(array.dtype), array.dtype);
    if (item == nullptr || PyTuple_SetItem(tuple.get(), i, item) != 0) {
      throw ErrorIsSet{};
    }
  }
  return tuple;
}

// Another view of the same memory, `offset` bytes from the first element. It must stay inside of the memory.
Owned view(ArrayObject& array, std::int64_t offset, const Dimensions& shape, const Dimensions& strides, DType dtype) {
  std::int64_t low = offset + (array.data - array.storage->data);
  std::int64_t high = low + size_of(dtype);
  bool empty_view = shape.count != strides.count;
  if (empty_view) {
    throw TypeError("expected as many strides as axes");
  }
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(shape.count); ++axis) {
    empty_view = empty_view || shape.values[axis] == 0;
    std::int64_t extent = 0;
    if (shape.values[axis] < 0 || __builtin_mul_overflow(strides.values[axis], shape.values[axis] - 1, &extent)) {
      throw Error(ErrorKind::usage, "view: no such shape");
    }
    (extent < 0 ? low : high) += extent;
  }
  if (!empty_view && (low < 0 || high > array.storage->bytes)) {
    throw Error(ErrorKind::usage, "view: outside of the array's memory");
  }
  return new_array_on(array.storage, empty_view ? array.data : array.data + offset, dtype, shape, strides);
}

constexpr const char* REDUCTIONS[] = {"sum", "prod", "min", "max", "any", "all", "count_nonzero"};

template <std::size_t OPERATIONS>
std::size_t checked(std::int64_t code) {
  if (code < 0 || code >= static_cast<std::int64_t>(OPERATIONS)) {
    throw TypeError("no such operation");
  }
  return static_cast<std::size_t>(code);
}

Owned one(std::int64_t operation, ArrayObject& array) {
  if (operation < 0 || operation >= std::ssize(unary_names())) {
    throw TypeError("no such operation");
  }
  return unary_of(static_cast<Unary>(operation), array);
}

Owned two(std::int64_t operation, PyObject& a, PyObject& b) {
  if (operation < 0 || operation >= std::ssize(binary_names())) {
    throw TypeError("no such operation");
  }
  PyObject* const result = binary_of(static_cast<Binary>(operation), &a, &b);
  if (result == &_Py_NotImplementedStruct) {
    Py_DecRef(result);
    throw TypeError(std::string(binary_names()[static_cast<std::size_t>(operation)]) +
                    ": expected arrays, or an array and a number");
  }
  return Owned(result);
}

// All three arrays, the last two of one type.
Owned choose(ArrayObject& condition, ArrayObject& a, ArrayObject& b) {
  if (condition.dtype != DType::boolean || a.dtype != b.dtype) {
    throw TypeError("where: expected a condition of bools and two arrays of one type");
  }
  const Dimensions shape = broadcast("where", {view_of(condition), view_of(a), view_of(b)});
  Owned result = new_array(a.dtype, shape.count, shape.values.data());
  run_on(Task{"where", a.dtype, result.array().size, 0},
         std::array{seen(condition), seen(a), seen(b), seen(result.array())},
         [](const auto& views) { where(views[0], views[1], views[2], views[3]); });
  return result;
}

Owned convert(ArrayObject& array, DType dtype) { return copied(array, dtype); }

void set(ArrayObject& target, ArrayObject& source) { assign(target, source); }

// The first `kept` axes stay; `in` has been permuted so that those to be reduced are last.
Dimensions kept_of(const ArrayObject& array, std::int64_t kept) {
  if (kept < 0 || kept > array.ndim) {
    throw TypeError("no such axes");
  }
  return dimensions_of(array.shape.first(static_cast<std::size_t>(kept)));
}

Owned reduced(std::int64_t reduction, ArrayObject& array, std::int64_t kept) {
  const auto kind = static_cast<Reduction>(checked<7>(reduction));
  if (is_half(array.dtype)) {
    const Owned wide = copied(array, DType::f32);
    return reduced(reduction, wide.array(), kept);
  }
  const Dimensions shape = kept_of(array, kept);
  Owned result = new_array(accumulated_in(kind, array.dtype), shape.count, shape.values.data());
  run_on(Task{REDUCTIONS[static_cast<std::size_t>(reduction)], array.dtype, array.size},
         std::array{seen(array), seen(result.array())},
         [kind](const auto& views) { reduce(kind, views[0], views[1]); });
  return result;
}

// One axis, wherever it stands.
Owned reduced_along(std::int64_t reduction, ArrayObject& array, std::int64_t axis) {
  if (axis < 0 || axis >= array.ndim) {
    throw TypeError("no such axis");
  }
  Dimensions shape = dimensions_of(array.shape);
  Dimensions strides = dimensions_of(array.strides);
  for (Dimensions* const each : {&shape, &strides}) {
    const auto first = each->values.begin() + axis;
    std::rotate(first, first + 1, each->values.begin() + each->count);
  }
  const Owned last = new_array_on(array.storage, array.data, array.dtype, shape, strides);
  return reduced(reduction, last.array(), array.ndim - 1);
}

Owned extreme_places(bool largest, ArrayObject& array, std::int64_t kept) {
  const Dimensions shape = kept_of(array, kept);
  Owned result = new_array(DType::i64, shape.count, shape.values.data());
  if (result.array().size > 0 && array.size == 0) {
    throw Error(ErrorKind::usage, "argmax, argmin: of no elements, none is the largest");
  }
  run_on(Task{largest ? "argmax" : "argmin", array.dtype, array.size}, std::array{seen(array), seen(result.array())},
         [largest](const auto& views) { arg_extreme(largest, views[0], views[1]); });
  return result;
}

Owned scanned(std::int64_t reduction, ArrayObject& array, bool begins_with_identity) {
  const auto kind = static_cast<Reduction>(checked<2>(reduction));
  if (is_half(array.dtype)) {
    const Owned wide = copied(array, DType::f32);
    return scanned(reduction, wide.array(), begins_with_identity);
  }
  Dimensions shape = kept_of(array, array.ndim);
  if (shape.count == 0) {
    throw TypeError("a running sum needs an axis");
  }
  shape.values[static_cast<std::size_t>(shape.count - 1)] += begins_with_identity ? 1 : 0;
  Owned result = new_array(accumulated_in(kind, array.dtype), shape.count, shape.values.data());
  run_on(Task{kind == Reduction::sum ? "cumulative_sum" : "cumulative_prod", array.dtype, array.size},
         std::array{seen(array), seen(result.array())}, [kind](const auto& views) { scan(kind, views[0], views[1]); });
  return result;
}

Owned product(ArrayObject& a, ArrayObject& b) { return matmul(a, b); }

const Methods methods{
    bind<&type, "array_type">("The type of arrays."),
    bind<&setup, "array_setup">("(dtypes by code, function that answers keys which are no views)."),
    bind<&array_unary_names, "array_unary_names">("Operations of one array; the place is the code."),
    bind<&array_binary_names, "array_binary_names">("Operations of two arrays; the place is the code."),
    bind<&promoted, "array_promote">("Code of the data type of two codes."),
    bind<&empty, "array_empty">("(code, shape): uninitialised."),
    bind<&full, "array_full">("(code, shape, number)."),
    bind<&from_items, "array_from_items">("(list, code, shape)."),
    bind<&items, "array_items">("The elements as Python numbers, in C order."),
    bind<&view, "array_view">("(array, offset, shape, strides, code): the same memory, seen otherwise."),
    bind<&one, "array_unary">("(operation, array)."),
    bind<&two, "array_binary">("(operation, a, b)."),
    bind<&choose, "array_where">("(condition, a, b)."),
    bind<&convert, "array_copy">("(array, code): a contiguous copy in that type."),
    bind<&set, "array_assign">("(target, source): target[...] = source."),
    bind<&reduced, "array_reduce">("(reduction, array, kept): all axes but the first ones reduced."),
    bind<&reduced_along, "array_reduce_along">("(reduction, array, axis): that axis reduced."),
    bind<&concatenated, "array_concat">("(tuple of arrays, axis): one behind the other, or None where they differ."),
    bind<&extreme_places, "array_arg_extreme">("(largest, array, kept)."),
    bind<&scanned, "array_scan">("(reduction, array, begins with the identity): along the last axis."),
    bind<&product, "array_matmul">("(a, b)."),
    bind<&array_offsets, "array_offsets">("(indices, length, stride): bytes from the first element of an axis."),
    bind<&array_gather, "array_gather">("(array, offset, offsets, shape, strides): the parts at these offsets."),
    bind<&array_scatter, "array_scatter">("(array, offset, offsets, shape, strides, values): the other way."),
    bind<&array_nonzero, "array_nonzero">("Places of elements that are not zero, for every axis."),
    bind<&array_sort, "array_sort">("(array, descending): along the last axis."),
    bind<&array_argsort, "array_argsort">("(array, descending): along the last axis."),
    bind<&array_searchsorted, "array_searchsorted">("(line, values, right)."),
    bind<&array_arange, "array_arange">("(code, start, step, count)."),
    bind<&array_from_buffer, "array_from_buffer">("Shares the memory of an object with the buffer protocol."),
    bind<&array_to_capsule, "array_to_capsule">("(array, versioned, is a copy): a DLPack capsule."),
    bind<&array_from_capsule, "array_from_capsule">("Takes the tensor out of a DLPack capsule."),
};

}  // namespace
}  // namespace assay::python
