#include "selecting.h"

#include <cstring>

#include "assay/kernels/gather.h"
#include "assay/kernels/reductions.h"
#include "assay/kernels/sort.h"
#include "operate.h"
#include "scalar.h"
#include "work.h"

namespace assay::python {
namespace {

std::int64_t* integers(ArrayObject& array) {
  if (array.dtype != DType::i64 || !array.contiguous) {
    throw TypeError("expected a contiguous array of int64");
  }
  return reinterpret_cast<std::int64_t*>(array.data);
}

std::int64_t* integers(const View& view) { return reinterpret_cast<std::int64_t*>(view.data); }

std::int64_t last_axis(const ArrayObject& array) {
  if (array.ndim == 0) {
    throw TypeError("an array of no dimensions has no order");
  }
  return array.shape[static_cast<std::size_t>(array.ndim - 1)];
}

DType ordered_in(const ArrayObject& array) { return is_half(array.dtype) ? DType::f32 : array.dtype; }

// The part of an array that one offset selects: the elements behind `offset`, in the shape and strides given.
View part_of(const ArrayObject& array, std::int64_t offset, const Dimensions& shape, const Dimensions& strides) {
  return {array.data + offset, array.dtype, shape.count, shape.values.data(), strides.values.data()};
}

// Offsets come from offsets_of(), but a caller could pass any.
void require_inside(const ArrayObject& array, std::int64_t offset, ArrayObject& offsets, const Dimensions& shape,
                    const Dimensions& strides) {
  std::int64_t low = offset + (array.data - array.storage->data);
  std::int64_t high = low + size_of(array.dtype);
  bool empty = offsets.size == 0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(shape.count); ++axis) {
    empty = empty || shape.values[axis] == 0;
    const std::int64_t extent = strides.values[axis] * (shape.values[axis] - 1);
    (extent < 0 ? low : high) += extent;
  }
  if (empty) {
    return;
  }
  const std::int64_t* const first = integers(offsets);
  std::int64_t least = *first;
  std::int64_t most = *first;
  for (std::int64_t i = 1; i < offsets.size; ++i) {  // without branches, unlike minmax_element
    least = std::min(least, first[i]);
    most = std::max(most, first[i]);
  }
  if (shape.count != strides.count || low + least < 0 || high + most > array.storage->bytes) {
    throw Error(ErrorKind::usage, "outside of the array's memory");
  }
}

}  // namespace

Owned array_offsets(ArrayObject& indices, std::int64_t length, std::int64_t stride) {
  refuse_capture("indexing by an array");
  Owned result = new_array(DType::i64, indices.ndim, indices.shape.data());
  const std::optional<std::int64_t> wrong =
      offsets_of(integers(indices), indices.size, length, stride, integers(result.array()));
  if (wrong.has_value()) {
    const std::string message =
        "index " + std::to_string(*wrong) + " is out of bounds for an axis of length " + std::to_string(length);
    PyErr_SetString(PyExc_IndexError, message.c_str());
    throw ErrorIsSet{};
  }
  return result;
}

Owned array_gather(ArrayObject& array, std::int64_t offset, ArrayObject& offsets, const Dimensions& shape,
                   const Dimensions& strides) {
  Dimensions whole = dimensions_of(offsets.shape);
  if (whole.count + shape.count > MAX_DIMENSIONS) {
    throw Error(ErrorKind::usage, "the result would have too many axes");
  }
  std::copy_n(shape.values.begin(), shape.count, whole.values.begin() + whole.count);
  whole.count += shape.count;
  require_inside(array, offset, offsets, shape, strides);
  Owned result = new_array(array.dtype, whole.count, whole.values.data());
  const std::int64_t once = offsets.size == 0 ? 0 : result.array().size / offsets.size;
  run_on(Task{"gather", array.dtype, result.array().size, 0, (result.array().size - once) * size_of(array.dtype)},
         std::array{Seen{part_of(array, offset, shape, strides), array.storage}, seen(offsets), seen(result.array())},
         [](const auto& views) { gather(views[0], integers(views[1]), count_of(views[1]), views[2].data); });
  return result;
}

void array_scatter(ArrayObject& array, std::int64_t offset, ArrayObject& offsets, const Dimensions& shape,
                   const Dimensions& strides, ArrayObject& values) {
  require_writable(array);
  require_inside(array, offset, offsets, shape, strides);
  const View part = part_of(array, offset, shape, strides);
  if (!values.contiguous || values.dtype != array.dtype || values.size != offsets.size * count_of(part)) {
    throw TypeError("expected contiguous values of the array's type, one for each place");
  }
  run_on(Task{"scatter", array.dtype, values.size, 0},
         std::array{seen(offsets), seen(values), Seen{part, array.storage}},
         [](const auto& views) { scatter(views[2], integers(views[0]), count_of(views[0]), views[1].data); });
}

std::vector<Owned> array_nonzero(ArrayObject& array) {
  if (array.ndim == 0) {
    throw TypeError("an array of no dimensions has no places");
  }
  refuse_capture("nonzero, indexing by a mask");
  const Owned straight = copied(array, ordered_in(array));
  const Dimensions none{0, {}};
  const Owned counted = new_array(DType::i64, 0, none.values.data());
  reduce(Reduction::count_nonzero, view_of(straight.array()), view_of(counted.array()));
  const std::int64_t total = *integers(counted.array());
  // The kernel writes one place more than it keeps.
  const Extents room{total * array.ndim + 1};
  const Owned places = new_array(DType::i64, 1, room.data());
  run_on(Task{"nonzero", array.dtype, array.size, 0}, std::array{seen(straight.array()), seen(places.array())},
         [total](const auto& views) { nonzero(views[0], total, integers(views[1])); });
  std::vector<Owned> axes;
  for (int axis = 0; axis < array.ndim; ++axis) {
    Owned one = new_array(DType::i64, 1, &total);
    std::memcpy(one.array().data, places.array().data + axis * total * 8, static_cast<std::size_t>(total * 8));
    axes.push_back(std::move(one));
  }
  return axes;
}

Owned array_sort(ArrayObject& array, bool descending) {
  const std::int64_t length = last_axis(array);
  Owned result = copied(array, ordered_in(array));
  ArrayObject& sorted = result.array();
  if (sorted.size > 0) {
    run_on(Task{"sort", array.dtype, sorted.size, 0}, std::array{seen(sorted), seen(sorted)},
           [rows = sorted.size / length, length, descending](const auto& views) {
             sort_rows(views[1].dtype, views[1].data, rows, length, descending);
           });
  }
  return sorted.dtype == array.dtype ? std::move(result) : copied(sorted, array.dtype);
}

Owned array_argsort(ArrayObject& array, bool descending) {
  const std::int64_t length = last_axis(array);
  const Owned straight = copied(array, ordered_in(array));
  Owned places = new_array(DType::i64, array.ndim, array.shape.data());
  const ArrayObject& source = straight.array();
  if (source.size > 0) {
    run_on(Task{"argsort", array.dtype, source.size, 0}, std::array{seen(source), seen(places.array())},
           [rows = source.size / length, length, descending](const auto& views) {
             argsort_rows(views[0].dtype, views[0].data, rows, length, descending, integers(views[1]));
           });
  }
  return places;
}

Owned array_searchsorted(ArrayObject& line, ArrayObject& values, bool right) {
  if (line.dtype != values.dtype || line.ndim != 1 || !line.contiguous || !values.contiguous) {
    throw TypeError("searchsorted: expected contiguous arrays of one type");
  }
  if (is_half(line.dtype)) {
    const Owned wide_line = copied(line, DType::f32);
    const Owned wide_values = copied(values, DType::f32);
    return array_searchsorted(wide_line.array(), wide_values.array(), right);
  }
  Owned places = new_array(DType::i64, values.ndim, values.shape.data());
  run_on(Task{"searchsorted", line.dtype, values.size, 0}, std::array{seen(line), seen(values), seen(places.array())},
         [right](const auto& views) {
           searchsorted(views[0].dtype, views[0].data, count_of(views[0]), views[1].data, count_of(views[1]), right,
                        integers(views[2]));
         });
  return places;
}

Owned array_arange(DType dtype, PyObject& start, PyObject& step, std::int64_t count) {
  Owned result = new_array(dtype, 1, &count);
  const bool whole =
      is_integer(dtype) && scalar_kind(&start) == ScalarKind::integer && scalar_kind(&step) == ScalarKind::integer;
  const DType computed = whole ? (dtype == DType::u64 ? DType::u64 : DType::i64) : DType::f64;
  const Owned line = new_array(computed, 1, &count);
  alignas(8) std::byte first[8];
  store_scalar(&start, computed, first);
  if (whole) {
    std::uint64_t value = 0;
    std::memcpy(&value, first, 8);
    const auto distance = static_cast<std::uint64_t>(Argument<std::int64_t>(&step).get());
    auto* const to = reinterpret_cast<std::uint64_t*>(line.array().data);
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = value + static_cast<std::uint64_t>(i) * distance;
    }
  } else {
    double value = 0;
    std::memcpy(&value, first, 8);
    const double distance = Argument<double>(&step).get();
    auto* const to = reinterpret_cast<double*>(line.array().data);
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = value + static_cast<double>(i) * distance;
    }
  }
  copy(view_of(line.array()), view_of(result.array()));
  return result;
}

}  // namespace assay::python
