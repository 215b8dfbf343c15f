// Arrays that are multiplied, as arguments.
#pragma once

#include "bind.h"

namespace assay::python {

// An array of two or three dimensions, of any strides that are multiples of its elements.
struct ArrayView {
  void* data;
  char format;             // as in Python's struct module; one character
  std::int64_t ndim;       // 2 or 3
  std::int64_t shape[3];   // the leading one is 1 where there are two
  std::int64_t stride[3];  // in elements; 0 for a missing dimension
};

template <bool writable>
class ArrayArgument {
 public:
  explicit ArrayArgument(PyObject* object) {
    constexpr int FLAGS = PyBUF_STRIDES | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
    if (PyObject_GetBuffer(object, &view_, FLAGS) != 0) {
      throw ErrorIsSet{};
    }
    if (view_.ndim != 2 && view_.ndim != 3) {
      PyBuffer_Release(&view_);
      throw TypeError("an operand has " + std::to_string(view_.ndim) + " dimensions, not 2 or 3");
    }
  }
  ~ArrayArgument() { PyBuffer_Release(&view_); }
  ArrayArgument(const ArrayArgument&) = delete;
  ArrayArgument& operator=(const ArrayArgument&) = delete;

  // Throws TypeError where elements are not aligned or have no one-character format.
  [[nodiscard]] ArrayView get() const;

 private:
  Py_buffer view_{};
};

struct ReadArray : ArrayView {};
struct WriteArray : ArrayView {};

template <>
struct Argument<ReadArray> : ArrayArgument<false> {
  using ArrayArgument::ArrayArgument;
  [[nodiscard]] ReadArray get() const { return {ArrayArgument::get()}; }
};

template <>
struct Argument<WriteArray> : ArrayArgument<true> {
  using ArrayArgument::ArrayArgument;
  [[nodiscard]] WriteArray get() const { return {ArrayArgument::get()}; }
};

}  // namespace assay::python
