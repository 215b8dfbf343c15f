// Arrays that are multiplied, as arguments, and what the methods that multiply share.
#pragma once

#include "array/object.h"
#include "assay/kernels/gemm.h"

namespace assay::python {

// An array of two or three dimensions, of any strides that are multiples of its elements.
struct ArrayView {
  void* data;
  char format;             // as in Python's struct module; one character; H stands for bf16 too
  std::int64_t ndim;       // 2 or 3
  std::int64_t shape[3];   // the leading one is 1 where there are two
  std::int64_t stride[3];  // in elements; 0 for a missing dimension
};

// An array of this library, or any object with the buffer protocol.
template <bool writable>
class ArrayArgument {
 public:
  explicit ArrayArgument(PyObject* object);
  ~ArrayArgument() {
    if (array_ == nullptr) {
      PyBuffer_Release(&view_);
    }
  }
  ArrayArgument(const ArrayArgument&) = delete;
  ArrayArgument& operator=(const ArrayArgument&) = delete;

  // Throws TypeError where elements are not aligned or have no one-character format.
  [[nodiscard]] ArrayView get() const;

 private:
  const ArrayObject* array_;  // null where view_ holds a buffer
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

// None is an array without data.
struct OptionalArray : ArrayView {};

template <>
struct Argument<OptionalArray> {
  explicit Argument(PyObject* object) {
    if (object != &_Py_NoneStruct) {
      array.emplace(object);
    }
  }
  [[nodiscard]] OptionalArray get() const { return array ? OptionalArray{array->get()} : OptionalArray{}; }
  std::optional<ArrayArgument<false>> array;
};

// The type whose operands have elements of that format; throws TypeError where there is none.
[[nodiscard]] GemmType type_of_operand(char format);
[[nodiscard]] char result_format(GemmType type);

// What is done around a product.
struct Around {
  double alpha;
  double beta;
  std::string_view activation;
  ArrayView bias;  // without data where there is none
};

// Checks what is done against the types and shapes, and adds it to the call.
void put_around(const Around& around, GemmCall& call);

// "(2, 3)"
[[nodiscard]] std::string text_of(const ArrayView& array);

[[nodiscard]] GemmBatch batch_of(const ArrayView& a, const ArrayView& b, const ArrayView& c);

// By the named rung or, for '', the best; without the lock where that is worth it.
void run_product(const GemmCall& call, const GemmBatch& batch, std::string_view rung);

}  // namespace assay::python
