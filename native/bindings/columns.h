// Columns of numbers for Python: their memory, as bytes, which have the buffer protocol.
#pragma once

#include <utility>
#include <vector>

#include "bind.h"

namespace assay::python {

template <class T>
struct Column {
  std::vector<T> values;
};

template <class T>
Column(std::vector<T>) -> Column<T>;

template <class T>
PyObject* to_python(const Column<T>& column) {
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(column.values.data()),
                                   static_cast<Py_ssize_t>(column.values.size() * sizeof(T)));
}

}  // namespace assay::python
