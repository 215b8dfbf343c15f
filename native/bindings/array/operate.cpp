#include "operate.h"

#include "scalar.h"
#include "work.h"

namespace assay::python {
namespace {

// One operand: an array, or a Python number as an array of no dimensions.
class Operand {
 public:
  explicit Operand(PyObject* object) : object_(object), array_(as_array(object)) {
    kind_ = array_ == nullptr ? scalar_kind(object) : ScalarKind::none;
  }
  [[nodiscard]] bool is_array() const { return array_ != nullptr; }
  [[nodiscard]] bool is_known() const { return is_array() || kind_ != ScalarKind::none; }
  [[nodiscard]] const ArrayObject& array() const { return *array_; }

  // A number takes on its type beside that of the other operand.
  [[nodiscard]] Seen beside(const Operand& other) {
    if (is_array()) {
      return seen(*array_);
    }
    const DType dtype = dtype_beside(other.array_->dtype, kind_);
    store_scalar(object_, dtype, memory_);
    return {{memory_, dtype, 0, nullptr, nullptr}, nullptr};
  }

 private:
  PyObject* object_;
  ArrayObject* array_;
  ScalarKind kind_;
  alignas(16) std::byte memory_[16];
};

bool same_view(const ArrayObject& a, const View& b) {
  return a.data == b.data && a.dtype == b.dtype && a.ndim == b.ndim &&
         std::equal(b.shape, b.shape + b.ndim, a.shape.begin()) &&
         std::equal(b.strides, b.strides + b.ndim, a.strides.begin());
}

bool overlaps(const ArrayObject& target, const ArrayObject& source) {
  return target.storage == source.storage && !same_view(target, view_of(source));
}

// Whether the first can be broadcast to the shape of the second.
bool fits(const View& source, const View& target) {
  for (int axis = 1; axis <= source.ndim; ++axis) {
    const std::int64_t length = source.shape[source.ndim - axis];
    if (axis > target.ndim ? length != 1 : length != 1 && length != target.shape[target.ndim - axis]) {
      return false;
    }
  }
  return true;
}

PyObject* not_implemented() {
  Py_IncRef(&_Py_NotImplementedStruct);
  return &_Py_NotImplementedStruct;
}

std::string_view name_of(Binary operation) { return binary_names()[static_cast<std::size_t>(operation)]; }

void run_binary(Binary operation, DType dtype, const Seen& a, const Seen& b, const ArrayObject& out) {
  run_on(Task{name_of(operation).data(), dtype, out.size}, std::array{a, b, seen(out)},
         [operation](const auto& views) { binary(operation, views[0], views[1], views[2]); });
}

void run_copy(const Seen& from, const Seen& to) {
  run_on(Task{"copy", to.view.dtype, count_of(to.view), 0}, std::array{from, to},
         [](const auto& views) { copy(views[0], views[1]); });
}

void run_copy(const ArrayObject& from, const ArrayObject& to) { run_copy(seen(from), seen(to)); }

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

}  // namespace

Dimensions broadcast(std::string_view operation, std::initializer_list<View> views) {
  Dimensions shape;
  for (const View& view : views) {
    shape.count = std::max(shape.count, view.ndim);
  }
  std::fill_n(shape.values.begin(), shape.count, 1);
  for (const View& view : views) {
    for (int axis = 0; axis < view.ndim; ++axis) {
      std::int64_t& length = shape.values[static_cast<std::size_t>(shape.count - view.ndim + axis)];
      if (view.shape[axis] == length || view.shape[axis] == 1) {
        continue;
      }
      if (length != 1) {
        std::string shapes;
        for (const View& each : views) {
          shapes += (shapes.empty() ? "" : " and ") + shape_text(each);
        }
        throw Error(ErrorKind::usage, std::string(operation) + ": shapes " + shapes + " can't be broadcast together");
      }
      length = view.shape[axis];
    }
  }
  return shape;
}

PyObject* binary_of(Binary operation, PyObject* a, PyObject* b) {
  Operand left(a);
  Operand right(b);
  if (!left.is_known() || !right.is_known() || !(left.is_array() || right.is_array())) {
    return not_implemented();
  }
  const Seen left_seen = left.beside(right);
  const Seen right_seen = right.beside(left);
  const DType common = promote(left_seen.view.dtype, right_seen.view.dtype);
  const Dimensions shape = broadcast(name_of(operation), {left_seen.view, right_seen.view});
  Owned result = new_array(result_of(operation, common), shape.count, shape.values.data());
  run_binary(operation, common, left_seen, right_seen, result.array());
  return result.release();
}

PyObject* binary_into(Binary operation, ArrayObject& target, PyObject* b) {
  Operand left(&target.head);
  Operand right(b);
  if (!right.is_known()) {
    return not_implemented();
  }
  require_writable(target);
  Seen right_seen = right.beside(left);
  const View& right_view = right_seen.view;
  const View out = view_of(target);
  if (result_of(operation, promote(out.dtype, right_view.dtype)) != out.dtype) {
    throw TypeError("an array of " + std::string(facts(out.dtype).name) + " can't hold the result of " +
                    std::string(name_of(operation)) + " with " + std::string(facts(right_view.dtype).name));
  }
  const Dimensions shape = broadcast(name_of(operation), {out, right_view});
  if (shape.count != out.ndim || !std::equal(out.shape, out.shape + out.ndim, shape.values.begin())) {
    throw Error(ErrorKind::usage, std::string(name_of(operation)) + ": an array of shape " + shape_text(out) +
                                      " can't hold a result that is broadcast to more");
  }
  std::optional<Owned> apart;
  if (right.is_array() && overlaps(target, right.array())) {
    apart.emplace(copied(right.array(), right.array().dtype));
    right_seen = seen(apart->array());
  }
  run_binary(operation, out.dtype, seen(target), right_seen, target);
  Py_IncRef(&target.head);
  return &target.head;
}

Owned unary_of(Unary operation, ArrayObject& array) {
  Owned result = new_array(result_of(operation, array.dtype), array.ndim, array.shape.data());
  run_on(Task{unary_names()[static_cast<std::size_t>(operation)].data(), array.dtype, array.size},
         std::array{seen(array), seen(result.array())},
         [operation](const auto& views) { unary(operation, views[0], views[1]); });
  return result;
}

Owned copied(const ArrayObject& array, DType dtype) {
  Owned result = new_array(dtype, array.ndim, array.shape.data());
  run_copy(array, result.array());
  return result;
}

void assign(ArrayObject& target, const ArrayObject& source) {
  require_writable(target);
  const View out = view_of(target);
  if (!fits(view_of(source), out)) {
    throw Error(ErrorKind::usage, "assignment: a value of shape " + shape_text(view_of(source)) +
                                      " doesn't fit into one of shape " + shape_text(out));
  }
  if (overlaps(target, source)) {
    const Owned apart = copied(source, source.dtype);
    return run_copy(apart.array(), target);
  }
  run_copy(source, target);
}

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
    run_copy(seen(*part), {place, result.array().storage});
    place.data += part->shape[along] * place.strides[along];
  }
  return result;
}

void require_writable(const ArrayObject& array) {
  if (array.storage->read_only) {
    throw Error(ErrorKind::usage,
                "the array is read-only: it shares memory that is; copy it with asarray(x, copy=True)");
  }
}

}  // namespace assay::python
