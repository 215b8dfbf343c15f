#include "scalar.h"

#include <complex>
#include <limits>

#include "assay/kernels/elementwise.h"
#include "work.h"

namespace assay::python {
namespace {

[[noreturn]] void out_of_range(DType dtype) {
  PyErr_SetString(PyExc_OverflowError, ("the number is out of the range of " + std::string(facts(dtype).name)).c_str());
  throw ErrorIsSet{};
}

void throw_if_set() {
  if (PyErr_Occurred() != nullptr) {
    throw ErrorIsSet{};
  }
}

template <class T>
void store_integer(PyObject* value, std::byte* to) {
  const Owned integer(PyNumber_Index(value));
  T stored;
  if constexpr (std::is_same_v<T, std::uint64_t>) {
    stored = PyLong_AsUnsignedLongLong(integer.get());
    throw_if_set();
  } else {
    const long long wide = PyLong_AsLongLong(integer.get());
    throw_if_set();
    if (wide < static_cast<long long>(std::numeric_limits<T>::min()) ||
        wide > static_cast<long long>(std::numeric_limits<T>::max())) {
      out_of_range(dtype_of<T>);
    }
    stored = static_cast<T>(wide);
  }
  *reinterpret_cast<T*>(to) = stored;
}

double real_of(PyObject* value) {
  const double real = PyFloat_AsDouble(value);
  if (real == -1.0) {
    throw_if_set();
  }
  return real;
}

std::complex<double> complex_of(PyObject* value) {
  const std::complex<double> number(PyComplex_RealAsDouble(value), PyComplex_ImagAsDouble(value));
  throw_if_set();
  return number;
}

// By way of fp64, by the conversion that copies use.
void convert(const std::byte* from, DType source, std::byte* to, DType target) {
  copy({const_cast<std::byte*>(from), source, 0, nullptr, nullptr}, {to, target, 0, nullptr, nullptr});
}

template <class T>
T element(const std::byte* from) {
  return *reinterpret_cast<const T*>(from);
}

}  // namespace

ScalarKind scalar_kind(PyObject* object) noexcept {
  auto* const type = static_cast<PyObject*>(object->ob_type);
  if (type == &PyFloat_Type) {
    return ScalarKind::real;
  }
  if (type == &PyBool_Type) {
    return ScalarKind::boolean;
  }
  if ((PyType_GetFlags(type) & Py_TPFLAGS_LONG_SUBCLASS) != 0) {
    return ScalarKind::integer;
  }
  if (PyType_IsSubtype(type, &PyFloat_Type) != 0) {
    return ScalarKind::real;
  }
  return PyType_IsSubtype(type, &PyComplex_Type) != 0 ? ScalarKind::complex : ScalarKind::none;
}

DType dtype_beside(DType array, ScalarKind scalar) noexcept {
  switch (scalar) {
    case ScalarKind::integer:
      return array == DType::boolean ? DType::i64 : array;
    case ScalarKind::real:
      return array < DType::f16 ? DType::f64 : array;
    case ScalarKind::complex:
      return is_complex(array) ? array : array == DType::f32 || is_half(array) ? DType::c64 : DType::c128;
    default:
      return array;
  }
}

void store_scalar(PyObject* value, DType dtype, std::byte* to) {
  switch (dtype) {
    case DType::boolean:
      *reinterpret_cast<bool*>(to) = Argument<bool>(value).get();
      return;
    case DType::i8:
      return store_integer<std::int8_t>(value, to);
    case DType::i16:
      return store_integer<std::int16_t>(value, to);
    case DType::i32:
      return store_integer<std::int32_t>(value, to);
    case DType::i64:
      return store_integer<std::int64_t>(value, to);
    case DType::u8:
      return store_integer<std::uint8_t>(value, to);
    case DType::u16:
      return store_integer<std::uint16_t>(value, to);
    case DType::u32:
      return store_integer<std::uint32_t>(value, to);
    case DType::u64:
      return store_integer<std::uint64_t>(value, to);
    case DType::c64:
    case DType::c128: {
      const std::complex<double> number = complex_of(value);
      return convert(reinterpret_cast<const std::byte*>(&number), DType::c128, to, dtype);
    }
    default: {
      const double number = real_of(value);
      return convert(reinterpret_cast<const std::byte*>(&number), DType::f64, to, dtype);
    }
  }
}

PyObject* load_scalar(const std::byte* from, DType dtype) {
  refuse_capture("reading elements");
  switch (dtype) {
    case DType::boolean:
      return PyBool_FromLong(element<std::uint8_t>(from));
    case DType::i8:
      return PyLong_FromLongLong(element<std::int8_t>(from));
    case DType::i16:
      return PyLong_FromLongLong(element<std::int16_t>(from));
    case DType::i32:
      return PyLong_FromLongLong(element<std::int32_t>(from));
    case DType::i64:
      return PyLong_FromLongLong(element<std::int64_t>(from));
    case DType::u8:
      return PyLong_FromLongLong(element<std::uint8_t>(from));
    case DType::u16:
      return PyLong_FromLongLong(element<std::uint16_t>(from));
    case DType::u32:
      return PyLong_FromLongLong(element<std::uint32_t>(from));
    case DType::u64:
      return PyLong_FromUnsignedLongLong(element<std::uint64_t>(from));
    case DType::c64:
    case DType::c128: {
      std::complex<double> number;
      convert(from, dtype, reinterpret_cast<std::byte*>(&number), DType::c128);
      return PyComplex_FromDoubles(number.real(), number.imag());
    }
    default: {
      double number = 0;
      convert(from, dtype, reinterpret_cast<std::byte*>(&number), DType::f64);
      return PyFloat_FromDouble(number);
    }
  }
}

}  // namespace assay::python
