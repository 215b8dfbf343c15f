// The array as Python sees it: a header over memory that it may share with other arrays and other libraries.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "../bind.h"
#include "assay/kernels/strided.h"

namespace assay::python {

// Memory that arrays share. The last one to let go calls `release`, from any thread, with or without the GIL.
struct Storage {
  std::atomic<std::int64_t> references{1};
  std::byte* data = nullptr;
  std::int64_t bytes = 0;
  bool read_only = false;
  void (*release)(Storage* storage) = nullptr;
  void* owner = nullptr;
};

[[nodiscard]] Storage* new_storage(std::int64_t bytes);
void retain(Storage* storage) noexcept;
void let_go(Storage* storage) noexcept;

using Extents = std::array<std::int64_t, MAX_DIMENSIONS>;

// Shape and strides lie behind the object, as long as it has axes.
struct ArrayObject {
  PyObject head;
  Storage* storage;
  std::byte* data;
  std::int64_t size;  // elements
  DType dtype;
  bool contiguous;  // in C order
  int ndim;
  std::span<std::int64_t> shape;
  std::span<std::int64_t> strides;  // bytes
};

// A shape as it comes from Python.
struct Dimensions {
  int count = 0;
  Extents values;
};

[[nodiscard]] inline Dimensions dimensions_of(std::span<const std::int64_t> extents) {
  Dimensions dimensions{static_cast<int>(extents.size()), {}};
  std::copy(extents.begin(), extents.end(), dimensions.values.begin());
  return dimensions;
}

// Owns a reference.
class Owned {
 public:
  explicit Owned(PyObject* object) : object_(object) {
    if (object == nullptr) {
      throw ErrorIsSet{};
    }
  }
  Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Owned() {
    if (object_ != nullptr) {
      Py_DecRef(object_);
    }
  }
  [[nodiscard]] PyObject* release() { return std::exchange(object_, nullptr); }
  [[nodiscard]] PyObject* get() const { return object_; }
  [[nodiscard]] ArrayObject& array() const { return *reinterpret_cast<ArrayObject*>(object_); }

 private:
  PyObject* object_;
};

inline PyObject* to_python(Owned value) { return value.release(); }
inline PyObject* to_python(std::vector<Owned> values) {
  PyObject* const tuple = new_tuple(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    put(tuple, static_cast<Py_ssize_t>(i), values[i].release());
  }
  return tuple;
}

// The type of arrays; made at the first call. It takes no part in the collection of garbage, since an array holds no
// reference to an object that could hold one to it.
[[nodiscard]] PyObject* array_type();
// The data types in the order of DType.
void array_setup(PyObject* dtypes);

// Null when it is something else.
[[nodiscard]] ArrayObject* as_array(PyObject* object) noexcept;

[[nodiscard]] View view_of(const ArrayObject& array) noexcept;

// Uninitialised, in C order.
[[nodiscard]] Owned new_array(DType dtype, int ndim, const std::int64_t* shape);
// Shares `storage`; counts as a reference to it.
[[nodiscard]] Owned new_array_on(Storage* storage, std::byte* data, DType dtype, const Dimensions& shape,
                                 const Dimensions& strides);

[[nodiscard]] std::string shape_text(const View& view);

[[nodiscard]] PyObject* tuple_of(const std::int64_t* values, int count);

template <>
struct Argument<ArrayObject> {
  explicit Argument(PyObject* object) : array(as_array(object)) {
    if (array == nullptr) {
      throw TypeError("expected an array of assay.vgpu; make one with asarray()");
    }
  }
  [[nodiscard]] ArrayObject& get() const { return *array; }
  ArrayObject* array;
};

template <>
struct Argument<PyObject> {
  explicit Argument(PyObject* given) : object(given) {}
  [[nodiscard]] PyObject& get() const { return *object; }
  PyObject* object;
};

template <>
struct Argument<DType> {
  explicit Argument(PyObject* object);
  [[nodiscard]] DType get() const { return dtype; }
  DType dtype;
};

template <>
struct Argument<Dimensions> {
  explicit Argument(PyObject* object);
  [[nodiscard]] const Dimensions& get() const { return dimensions; }
  Dimensions dimensions;
};

}  // namespace assay::python
