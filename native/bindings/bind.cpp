#include "bind.h"

#include <stdexcept>

namespace assay::python {
namespace {

PyObject* raise(PyObject* type, const char* function, const char* message) noexcept {
  try {
    PyErr_SetString(type, (std::string(function) + ": " + message).c_str());
  } catch (const std::bad_alloc&) {
    PyErr_SetString(PyExc_MemoryError, function);
  }
  return nullptr;
}

PyObject* python_type(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return PyExc_ValueError;
    case ErrorKind::type:
      return PyExc_TypeError;
    case ErrorKind::memory:
      return PyExc_MemoryError;
    case ErrorKind::storage:
      return PyExc_OSError;
    case ErrorKind::unavailable:
      break;
  }
  return PyExc_RuntimeError;
}

}  // namespace

PyObject* raise_current(const char* function) noexcept {
  try {
    throw;
  } catch (const ErrorIsSet&) {
    return nullptr;
  } catch (const TypeError& error) {
    return raise(PyExc_TypeError, function, error.what());
  } catch (const Error& error) {
    return raise(python_type(error.kind()), function, error.what());
  } catch (const std::bad_alloc&) {
    return raise(PyExc_MemoryError, function, "out of memory");
  } catch (const std::exception& error) {
    return raise(PyExc_RuntimeError, function, error.what());
  } catch (...) {
    return raise(PyExc_RuntimeError, function, "unknown C++ exception");
  }
}

PyObject* raise_arity(const char* function, std::size_t expected, Py_ssize_t given) noexcept {
  try {
    const std::string message = "takes " + std::to_string(expected) + " positional argument" +
                                (expected == 1 ? "" : "s") + ", not " + std::to_string(given);
    return raise(PyExc_TypeError, function, message.c_str());
  } catch (const std::bad_alloc&) {
    return raise(PyExc_MemoryError, function, "out of memory");
  }
}

}  // namespace assay::python
