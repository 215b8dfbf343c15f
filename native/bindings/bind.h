// Turns a C++ function into a method of a Python module: bind<&function, "name">("documentation").
//
// Arguments and results are int64, double, bool, text, contiguous buffers, optionals, vectors and tuples of these.
// Exceptions become Python's. With Gil::released the function runs without the lock; it must not touch Python then.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "abi3.h"
#include "assay/core/error.h"

namespace assay::python {

enum class Gil { held, released };

// A Python exception is already set.
struct ErrorIsSet {};

// The caller passed an argument of a wrong type.
class TypeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <std::size_t Size>
struct Literal {
  // NOLINTNEXTLINE: meant to be implicit
  constexpr Literal(const char (&source)[Size]) { std::copy_n(source, Size, text); }
  char text[Size]{};
};

// --- from Python ---------------------------------------------------------------------------------------------------

// Argument<T>: constructed from the object, lives until the call is over, get() gives the T.
template <class T>
struct Argument;

template <>
struct Argument<std::int64_t> {
  explicit Argument(PyObject* object) : value(PyLong_AsLongLong(object)) {
    if (value == -1 && PyErr_Occurred() != nullptr) {
      throw ErrorIsSet{};
    }
  }
  [[nodiscard]] std::int64_t get() const { return value; }
  std::int64_t value;
};

template <>
struct Argument<double> {
  explicit Argument(PyObject* object) : value(PyFloat_AsDouble(object)) {
    if (value == -1.0 && PyErr_Occurred() != nullptr) {
      throw ErrorIsSet{};
    }
  }
  [[nodiscard]] double get() const { return value; }
  double value;
};

template <>
struct Argument<bool> {
  explicit Argument(PyObject* object) : value(PyObject_IsTrue(object)) {
    if (value < 0) {
      throw ErrorIsSet{};
    }
  }
  [[nodiscard]] bool get() const { return value != 0; }
  int value;
};

template <>
struct Argument<std::string_view> {
  explicit Argument(PyObject* object) : text(PyUnicode_AsUTF8AndSize(object, &size)) {
    if (text == nullptr) {
      throw ErrorIsSet{};
    }
  }
  [[nodiscard]] std::string_view get() const { return {text, static_cast<std::size_t>(size)}; }
  Py_ssize_t size = 0;
  const char* text;
};

// The memory of any object with the buffer protocol: C-contiguous, of any shape, read only.
class Buffer {
 public:
  explicit Buffer(const Py_buffer& view) : view_(&view) {}

  // The elements, if they are T (format as in Python's struct module); throws TypeError otherwise.
  template <class T>
  [[nodiscard]] std::span<const T> as(std::string_view expected) const {
    if (format() != expected || view_->itemsize != sizeof(T)) {
      throw TypeError("expected elements of format '" + std::string(expected) + "', not '" + std::string(format()) +
                      "'");
    }
    if (view_->len == 0) {
      return {};
    }
    if (reinterpret_cast<std::uintptr_t>(view_->buf) % alignof(T) != 0) {
      throw TypeError("the buffer is not aligned to its elements; copy it");
    }
    return {static_cast<const T*>(view_->buf), static_cast<std::size_t>(view_->len) / sizeof(T)};
  }

  // Without the mark of native byte order.
  [[nodiscard]] std::string_view format() const {
    std::string_view text = view_->format == nullptr ? "B" : view_->format;
    if (text.starts_with('@') || text.starts_with(std::endian::native == std::endian::little ? '<' : '>')) {
      text.remove_prefix(1);
    }
    return text;
  }

 private:
  const Py_buffer* view_;
};

template <>
struct Argument<Buffer> {
  explicit Argument(PyObject* object) {
    if (PyObject_GetBuffer(object, &view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) != 0) {
      throw ErrorIsSet{};
    }
  }
  ~Argument() { PyBuffer_Release(&view); }
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  [[nodiscard]] Buffer get() const { return Buffer(view); }
  Py_buffer view{};
};

// --- to Python -----------------------------------------------------------------------------------------------------

inline PyObject* to_python(std::int64_t value) { return PyLong_FromLongLong(value); }
inline PyObject* to_python(double value) { return PyFloat_FromDouble(value); }
inline PyObject* to_python(bool value) { return PyBool_FromLong(value ? 1 : 0); }
inline PyObject* to_python(std::string_view text) {
  return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}
inline PyObject* to_python(const std::string& text) { return to_python(std::string_view(text)); }

// Declared ahead: each may hold the others.
template <class T>
PyObject* to_python(const std::optional<T>& value);
template <class T>
PyObject* to_python(const std::vector<T>& values);
template <class... T>
PyObject* to_python(const std::tuple<T...>& values);

// Puts a new reference (or a null, whose error is set) into a tuple that is being made.
inline void put(PyObject* tuple, Py_ssize_t index, PyObject* item) {
  if (item == nullptr || PyTuple_SetItem(tuple, index, item) != 0) {
    Py_DecRef(tuple);
    throw ErrorIsSet{};
  }
}

inline PyObject* new_tuple(std::size_t size) {
  PyObject* const tuple = PyTuple_New(static_cast<Py_ssize_t>(size));
  if (tuple == nullptr) {
    throw ErrorIsSet{};
  }
  return tuple;
}

inline PyObject* none() {
  Py_IncRef(&_Py_NoneStruct);
  return &_Py_NoneStruct;
}

template <class T>
PyObject* to_python(const std::optional<T>& value) {
  return value.has_value() ? to_python(*value) : none();
}

template <class T>
PyObject* to_python(const std::vector<T>& values) {
  PyObject* const tuple = new_tuple(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    put(tuple, static_cast<Py_ssize_t>(i), to_python(values[i]));
  }
  return tuple;
}

template <class... T>
PyObject* to_python(const std::tuple<T...>& values) {
  PyObject* const tuple = new_tuple(sizeof...(T));
  Py_ssize_t index = 0;
  std::apply([&](const auto&... item) { (put(tuple, index++, to_python(item)), ...); }, values);
  return tuple;
}

// --- the call ------------------------------------------------------------------------------------------------------

class WithoutGil {
 public:
  WithoutGil() : state_(PyEval_SaveThread()) {}
  ~WithoutGil() { PyEval_RestoreThread(state_); }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;

 private:
  PyThreadState* state_;
};

// Sets the Python exception for the C++ exception in flight. Returns null, for the caller to return.
PyObject* raise_current(const char* function) noexcept;

// Sets the TypeError of a wrong number of arguments.
PyObject* raise_arity(const char* function, std::size_t expected, Py_ssize_t given) noexcept;

template <Gil gil, class Call>
auto run(const Call& call) {
  if constexpr (gil == Gil::released) {
    const WithoutGil released;
    return call();
  } else {
    return call();
  }
}

template <auto function, Gil gil, class Result, class... Parameter, std::size_t... index>
PyObject* convert_and_call(PyObject* const* given, std::index_sequence<index...>) {
  // A tuple made of its elements' constructor arguments, because an Argument neither copies nor moves.
  [[maybe_unused]] const std::tuple<Argument<std::remove_cvref_t<Parameter>>...> arguments(given[index]...);
  const auto call = [&] { return function(std::get<index>(arguments).get()...); };
  if constexpr (std::is_void_v<Result>) {
    run<gil>(call);
    return none();
  } else {
    return to_python(run<gil>(call));
  }
}

template <auto function, Literal name, Gil gil, class Result, class... Parameter>
PyObject* entry(PyObject*, PyObject* const* given, Py_ssize_t count) noexcept {
  if (count != static_cast<Py_ssize_t>(sizeof...(Parameter))) {
    return raise_arity(name.text, sizeof...(Parameter), count);
  }
  try {
    return convert_and_call<function, gil, Result, Parameter...>(given, std::index_sequence_for<Parameter...>{});
  } catch (...) {
    return raise_current(name.text);
  }
}

template <auto function, Literal name, Gil gil, class Result, class... Parameter>
PyMethodDef method(const char* documentation, Result (*)(Parameter...)) {
  constexpr PyCFunctionFast fast = &entry<function, name, gil, Result, Parameter...>;
  // By way of the one function type that compilers let stand for any other.
  auto* const erased = reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(fast));
  return {name.text, erased, METH_FASTCALL, documentation};
}

template <auto function, Literal name, Gil gil = Gil::held>
PyMethodDef bind(const char* documentation) {
  return method<function, name, gil>(documentation, function);
}

}  // namespace assay::python
