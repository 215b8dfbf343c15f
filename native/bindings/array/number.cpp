#include "number.h"

#include <complex>

#include "matmul.h"
#include "operate.h"
#include "scalar.h"

namespace assay::python {
namespace {

ArrayObject& self_of(PyObject* object) { return *reinterpret_cast<ArrayObject*>(object); }

template <class Call>
PyObject* guarded(const char* name, const Call& call) noexcept {
  try {
    return call();
  } catch (...) {
    return raise_current(name);
  }
}

template <Binary operation>
PyObject* both(PyObject* a, PyObject* b) noexcept {
  return guarded("operator", [&] { return binary_of(operation, a, b); });
}

template <Binary operation>
PyObject* in_place(PyObject* a, PyObject* b) noexcept {
  return guarded("operator", [&] { return binary_into(operation, self_of(a), b); });
}

template <Unary operation>
PyObject* one(PyObject* a) noexcept {
  return guarded("operator", [&] { return unary_of(operation, self_of(a)).release(); });
}

PyObject* refuse_modulus() {
  PyErr_SetString(PyExc_TypeError, "pow() of arrays takes no modulus");
  return nullptr;
}

PyObject* power(PyObject* a, PyObject* b, PyObject* modulus) noexcept {
  return modulus == &_Py_NoneStruct ? both<Binary::pow>(a, b) : refuse_modulus();
}

PyObject* power_in_place(PyObject* a, PyObject* b, PyObject* modulus) noexcept {
  return modulus == &_Py_NoneStruct ? in_place<Binary::pow>(a, b) : refuse_modulus();
}

PyObject* positive(PyObject* a) noexcept {
  return guarded("operator", [&] {
    if (self_of(a).dtype == DType::boolean) {
      throw TypeError("+ is not defined for elements of type bool");
    }
    return copied(self_of(a), self_of(a).dtype).release();
  });
}

PyObject* product(PyObject* a, PyObject* b) noexcept {
  ArrayObject* const left = as_array(a);
  ArrayObject* const right = as_array(b);
  if (left == nullptr || right == nullptr) {
    Py_IncRef(&_Py_NotImplementedStruct);
    return &_Py_NotImplementedStruct;
  }
  return guarded("matmul", [&] { return matmul(*left, *right).release(); });
}

PyObject* compare(PyObject* a, PyObject* b, int comparison) noexcept {
  switch (comparison) {
    case Py_LT:
      return both<Binary::less>(a, b);
    case Py_LE:
      return both<Binary::less_equal>(a, b);
    case Py_EQ:
      return both<Binary::equal>(a, b);
    case Py_NE:
      return both<Binary::not_equal>(a, b);
    case Py_GT:
      return both<Binary::greater>(a, b);
    default:
      return both<Binary::greater_equal>(a, b);
  }
}

const std::byte* single(PyObject* self, const char* conversion) {
  const ArrayObject& array = self_of(self);
  if (array.ndim != 0) {
    throw TypeError(std::string(conversion) + " needs an array of no dimensions, not of shape " +
                    shape_text(view_of(array)));
  }
  return array.data;
}

int truth(PyObject* self) noexcept {
  try {
    const Owned element(load_scalar(single(self, "bool()"), self_of(self).dtype));
    return PyObject_IsTrue(element.get());
  } catch (...) {
    (void)raise_current("bool()");
    return -1;
  }
}

PyObject* to_index(PyObject* self) noexcept {
  return guarded("index", [&] {
    const std::byte* const element = single(self, "an index");
    if (!is_integer(self_of(self).dtype)) {
      throw TypeError("only an array of integers is an index");
    }
    return load_scalar(element, self_of(self).dtype);
  });
}

void refuse_complex(PyObject* self, const char* conversion) {
  if (is_complex(self_of(self).dtype)) {
    throw TypeError(std::string(conversion) + " is not defined for complex numbers; take real() first");
  }
}

PyObject* to_int(PyObject* self) noexcept {
  return guarded("int()", [&] {
    const std::byte* const element = single(self, "int()");
    refuse_complex(self, "int()");
    const Owned number(load_scalar(element, self_of(self).dtype));
    if (is_real_floating(self_of(self).dtype)) {
      return PyLong_FromDouble(PyFloat_AsDouble(number.get()));
    }
    return PyNumber_Index(number.get());
  });
}

PyObject* to_float(PyObject* self) noexcept {
  return guarded("float()", [&] {
    const std::byte* const element = single(self, "float()");
    refuse_complex(self, "float()");
    const Owned number(load_scalar(element, self_of(self).dtype));
    return PyFloat_FromDouble(Argument<double>(number.get()).get());
  });
}

template <class Function>
PyType_Slot slot(int number, Function* function) {
  return {number, reinterpret_cast<void*>(function)};
}

}  // namespace

std::vector<PyType_Slot> number_slots() {
  return {
      slot(Py_nb_add, &both<Binary::add>),
      slot(Py_nb_subtract, &both<Binary::subtract>),
      slot(Py_nb_multiply, &both<Binary::multiply>),
      slot(Py_nb_true_divide, &both<Binary::divide>),
      slot(Py_nb_floor_divide, &both<Binary::floor_divide>),
      slot(Py_nb_remainder, &both<Binary::remainder>),
      slot(Py_nb_and, &both<Binary::bitwise_and>),
      slot(Py_nb_or, &both<Binary::bitwise_or>),
      slot(Py_nb_xor, &both<Binary::bitwise_xor>),
      slot(Py_nb_lshift, &both<Binary::bitwise_left_shift>),
      slot(Py_nb_rshift, &both<Binary::bitwise_right_shift>),
      slot(Py_nb_power, &power),
      slot(Py_nb_matrix_multiply, &product),
      slot(Py_nb_inplace_add, &in_place<Binary::add>),
      slot(Py_nb_inplace_subtract, &in_place<Binary::subtract>),
      slot(Py_nb_inplace_multiply, &in_place<Binary::multiply>),
      slot(Py_nb_inplace_true_divide, &in_place<Binary::divide>),
      slot(Py_nb_inplace_floor_divide, &in_place<Binary::floor_divide>),
      slot(Py_nb_inplace_remainder, &in_place<Binary::remainder>),
      slot(Py_nb_inplace_and, &in_place<Binary::bitwise_and>),
      slot(Py_nb_inplace_or, &in_place<Binary::bitwise_or>),
      slot(Py_nb_inplace_xor, &in_place<Binary::bitwise_xor>),
      slot(Py_nb_inplace_lshift, &in_place<Binary::bitwise_left_shift>),
      slot(Py_nb_inplace_rshift, &in_place<Binary::bitwise_right_shift>),
      slot(Py_nb_inplace_power, &power_in_place),
      slot(Py_nb_negative, &one<Unary::negative>),
      slot(Py_nb_invert, &one<Unary::bitwise_invert>),
      slot(Py_nb_absolute, &one<Unary::abs>),
      slot(Py_nb_positive, &positive),
      slot(Py_nb_bool, &truth),
      slot(Py_nb_index, &to_index),
      slot(Py_nb_int, &to_int),
      slot(Py_nb_float, &to_float),
      slot(Py_tp_richcompare, &compare),
  };
}

}  // namespace assay::python
