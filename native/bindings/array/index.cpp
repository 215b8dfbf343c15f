#include "index.h"

namespace assay::python {
namespace {

PyObject* fallback = nullptr;

// What a key means so far. Anything unusual, errors included, ends the attempt: Python says what is wrong.
struct Selection {
  const ArrayObject& array;
  std::size_t axis = 0;
  std::byte* data = array.data;
  Dimensions shape{};
  Dimensions strides{};

  [[nodiscard]] bool keep(std::int64_t length, std::int64_t stride) {
    if (shape.count == MAX_DIMENSIONS) {
      return false;
    }
    shape.values[static_cast<std::size_t>(shape.count++)] = length;
    strides.values[static_cast<std::size_t>(strides.count++)] = stride;
    return true;
  }

  [[nodiscard]] bool keep_axes(std::int64_t count) {
    bool kept = count >= 0;
    for (; kept && count > 0; --count, ++axis) {
      kept = keep(array.shape[axis], array.strides[axis]);
    }
    return kept;
  }

  [[nodiscard]] bool at(PyObject* index) {
    const long long given = PyLong_AsLongLong(index);
    if (given == -1 && PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      return false;
    }
    const std::int64_t length = array.shape[axis];
    if (given < -length || given >= length) {
      return false;
    }
    data += (given < 0 ? given + length : given) * array.strides[axis++];
    return true;
  }

  [[nodiscard]] bool slice(PyObject* given) {
    Py_ssize_t start = 0;
    Py_ssize_t stop = 0;
    Py_ssize_t step = 0;
    if (PySlice_Unpack(given, &start, &stop, &step) < 0) {
      PyErr_Clear();
      return false;
    }
    const std::int64_t count = PySlice_AdjustIndices(array.shape[axis], &start, &stop, step);
    const std::int64_t stride = array.strides[axis++];
    data += count > 0 ? start * stride : 0;
    // A stride that is never taken must not overflow.
    return keep(count, count > 1 ? stride * step : stride);
  }
};

bool is_integer_object(PyObject* object) {
  auto* const type = static_cast<PyObject*>(object->ob_type);
  return type != &PyBool_Type && (PyType_GetFlags(type) & Py_TPFLAGS_LONG_SUBCLASS) != 0;
}

bool is_slice(PyObject* object) { return object->ob_type == &PySlice_Type; }

// The axes that a key names; -1 where it has something that is not for here.
std::int64_t axes_named(PyObject* const* keys, std::int64_t count) {
  std::int64_t named = 0;
  std::int64_t ellipses = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (is_integer_object(keys[i]) || is_slice(keys[i])) {
      ++named;
    } else if (keys[i] == &_Py_EllipsisObject) {
      ++ellipses;
    } else if (keys[i] != &_Py_NoneStruct) {
      return -1;
    }
  }
  return ellipses > 1 ? -1 : named;
}

bool select(Selection& selection, PyObject* const* keys, std::int64_t count) {
  const std::int64_t named = axes_named(keys, count);
  const std::int64_t others = selection.array.ndim - named;
  if (named < 0 || others < 0) {
    return false;
  }
  bool spread = false;
  for (std::int64_t i = 0; i < count; ++i) {
    bool fits = true;
    if (keys[i] == &_Py_NoneStruct) {
      fits = selection.keep(1, 0);
    } else if (keys[i] == &_Py_EllipsisObject) {
      fits = selection.keep_axes(others);
      spread = true;
    } else {
      fits = is_slice(keys[i]) ? selection.slice(keys[i]) : selection.at(keys[i]);
    }
    if (!fits) {
      return false;
    }
  }
  return spread || selection.keep_axes(others);
}

bool select(Selection& selection, PyObject* key) {
  if (key->ob_type != &PyTuple_Type) {
    return select(selection, &key, 1);
  }
  const Py_ssize_t count = PyTuple_Size(key);
  if (count > 2 * MAX_DIMENSIONS) {
    return false;
  }
  std::array<PyObject*, static_cast<std::size_t>(2 * MAX_DIMENSIONS)> keys;
  for (Py_ssize_t i = 0; i < count; ++i) {
    keys[static_cast<std::size_t>(i)] = PyTuple_GetItem(key, i);
  }
  return select(selection, keys.data(), count);
}

}  // namespace

PyObject* subscript(PyObject* object, PyObject* key) noexcept {
  try {
    const ArrayObject& array = *reinterpret_cast<ArrayObject*>(object);
    Selection selection{array};
    if (select(selection, key)) {
      return new_array_on(array.storage, selection.data, array.dtype, selection.shape, selection.strides).release();
    }
    if (fallback == nullptr) {
      throw TypeError("the array type has not been set up");
    }
    return PyObject_CallFunctionObjArgs(fallback, object, key, nullptr);
  } catch (...) {
    return raise_current("index");
  }
}

void set_subscript_fallback(PyObject* function) {
  Py_IncRef(function);
  fallback = function;
}

}  // namespace assay::python
