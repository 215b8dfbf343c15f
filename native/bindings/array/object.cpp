#include "object.h"

#include <cstddef>

#include "index.h"
#include "number.h"
#include "operate.h"
#include "scalar.h"

namespace assay::python {
namespace {

// What Python registered. Both live as long as the process.
PyObject* type_of_arrays = nullptr;
PyObject* dtype_objects = nullptr;

ArrayObject& self_of(PyObject* object) { return *reinterpret_cast<ArrayObject*>(object); }

// A type made from a specification is alive while an instance is: each holds a reference to it.
void deallocate(PyObject* object) {
  auto* const type = static_cast<PyObject*>(object->ob_type);
  if (self_of(object).storage != nullptr) {
    let_go(self_of(object).storage);
  }
  PyObject_Free(object);
  Py_DecRef(type);
}

// With room for the shape and the strides.
PyObject* allocate(int ndim) {
  const auto axes = static_cast<std::size_t>(ndim);
  auto* const object = static_cast<PyObject*>(PyObject_Malloc(sizeof(ArrayObject) + 2 * axes * sizeof(std::int64_t)));
  if (object == nullptr) {
    throw std::bad_alloc();
  }
  PyObject_Init(object, array_type());
  auto* const extents = reinterpret_cast<std::int64_t*>(reinterpret_cast<ArrayObject*>(object) + 1);
  ArrayObject& array = *reinterpret_cast<ArrayObject*>(object);
  array.storage = nullptr;
  array.ndim = ndim;
  array.shape = {extents, axes};
  array.strides = {extents + axes, axes};
  return object;
}

bool is_contiguous(const ArrayObject& array, bool from_last) {
  std::int64_t step = size_of(array.dtype);
  for (int i = 0; i < array.ndim; ++i) {
    const auto axis = static_cast<std::size_t>(from_last ? array.ndim - 1 - i : i);
    if (array.shape[axis] != 1 && array.strides[axis] != step) {
      return array.size == 0;
    }
    step *= array.shape[axis];
  }
  return true;
}

std::int64_t counted(int ndim, const std::int64_t* shape) {
  std::int64_t count = 1;
  std::int64_t without_empty = 1;
  for (int axis = 0; axis < ndim; ++axis) {
    if (shape[axis] < 0) {
      throw Error(ErrorKind::usage, "a shape has no negative lengths");
    }
    // The product of the other lengths is bounded too, so that no stride overflows.
    if (__builtin_mul_overflow(without_empty, std::max<std::int64_t>(shape[axis], 1), &without_empty) ||
        without_empty > INT64_MAX / 16) {
      throw std::bad_alloc();
    }
    count *= shape[axis];
  }
  return count;
}

// --- attributes ----------------------------------------------------------------------------------------------------

PyObject* get_shape(PyObject* self, void*) { return tuple_of(self_of(self).shape.data(), self_of(self).ndim); }
PyObject* get_strides(PyObject* self, void*) { return tuple_of(self_of(self).strides.data(), self_of(self).ndim); }
PyObject* get_ndim(PyObject* self, void*) { return PyLong_FromLongLong(self_of(self).ndim); }
PyObject* get_size(PyObject* self, void*) { return PyLong_FromLongLong(self_of(self).size); }
PyObject* get_itemsize(PyObject* self, void*) { return PyLong_FromLongLong(size_of(self_of(self).dtype)); }
PyObject* get_nbytes(PyObject* self, void*) {
  return PyLong_FromLongLong(self_of(self).size * size_of(self_of(self).dtype));
}
PyObject* get_contiguous(PyObject* self, void*) { return PyBool_FromLong(self_of(self).contiguous ? 1 : 0); }
PyObject* get_read_only(PyObject* self, void*) { return PyBool_FromLong(self_of(self).storage->read_only ? 1 : 0); }
PyObject* get_pointer(PyObject* self, void*) {
  return PyLong_FromUnsignedLongLong(reinterpret_cast<std::uintptr_t>(self_of(self).data));
}
PyObject* get_dtype(PyObject* self, void*) {
  if (dtype_objects == nullptr) {
    return PyLong_FromLongLong(static_cast<long long>(self_of(self).dtype));
  }
  PyObject* const dtype = PyTuple_GetItem(dtype_objects, static_cast<Py_ssize_t>(self_of(self).dtype));
  Py_IncRef(dtype);
  return dtype;
}

PyGetSetDef attributes[] = {
    {"shape", &get_shape, nullptr, "Length of every axis.", nullptr},
    {"strides", &get_strides, nullptr, "Bytes from one element to the next, along every axis.", nullptr},
    {"ndim", &get_ndim, nullptr, "Number of axes.", nullptr},
    {"size", &get_size, nullptr, "Number of elements.", nullptr},
    {"itemsize", &get_itemsize, nullptr, "Bytes of an element.", nullptr},
    {"nbytes", &get_nbytes, nullptr, "Bytes of all elements.", nullptr},
    {"dtype", &get_dtype, nullptr, "Data type of the elements.", nullptr},
    {"contiguous", &get_contiguous, nullptr, "Whether the elements lie side by side, in C order.", nullptr},
    {"read_only", &get_read_only, nullptr, "Whether the memory belongs to something that may not change.", nullptr},
    {"pointer", &get_pointer, nullptr, "Address of the first element.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

Py_ssize_t length(PyObject* self) {
  if (self_of(self).ndim == 0) {
    PyErr_SetString(PyExc_TypeError, "an array of no dimensions has no length");
    return -1;
  }
  return self_of(self).shape[0];
}

// --- the buffer protocol -------------------------------------------------------------------------------------------

const char* obstacle_to(const ArrayObject& array, int flags) {
  if (facts(array.dtype).format == nullptr) {
    return "bfloat16 has no format in the buffer protocol; use DLPack or astype(float32)";
  }
  if ((flags & PyBUF_WRITABLE) != 0 && array.storage->read_only) {
    return "the array is read-only";
  }
  const bool c_order = array.contiguous;
  const auto asks = [&](int kind) { return (flags & kind) == kind; };
  if (asks(PyBUF_C_CONTIGUOUS) && !c_order) {
    return "the array is not C-contiguous";
  }
  if (asks(PyBUF_F_CONTIGUOUS) && !is_contiguous(array, false)) {
    return "the array is not Fortran-contiguous";
  }
  if ((asks(PyBUF_ANY_CONTIGUOUS) || !asks(PyBUF_STRIDES)) && !c_order && !is_contiguous(array, false)) {
    return "the array is not contiguous";
  }
  if (!asks(PyBUF_STRIDES) && !c_order) {
    return "the array is not C-contiguous";
  }
  return nullptr;
}

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  ArrayObject& array = self_of(self);
  view->obj = nullptr;
  if (const char* const obstacle = obstacle_to(array, flags)) {
    PyErr_SetString(PyExc_BufferError, obstacle);
    return -1;
  }
  const bool shaped = (flags & PyBUF_ND) == PyBUF_ND;
  view->buf = array.data;
  view->len = array.size * size_of(array.dtype);
  view->itemsize = size_of(array.dtype);
  view->readonly = array.storage->read_only ? 1 : 0;
  view->ndim = shaped ? array.ndim : 1;
  view->format = (flags & PyBUF_FORMAT) != 0 ? const_cast<char*>(facts(array.dtype).format) : nullptr;
  view->shape = shaped ? array.shape.data() : nullptr;
  view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? array.strides.data() : nullptr;
  view->suboffsets = nullptr;
  view->internal = nullptr;
  view->obj = self;
  Py_IncRef(self);
  return 0;
}

PyObject* make_type() {
  std::vector<PyType_Slot> slots = number_slots();
  slots.insert(slots.end(),
               {
                   {Py_tp_dealloc, reinterpret_cast<void*>(&deallocate)},
                   {Py_tp_doc,
                    const_cast<char*>("An array of assay.vgpu, made by its functions: asarray, zeros, arange, ….\n\n"
                                      "It has the attributes and operators of the Python array API standard. Slices, "
                                      "transposes and reshapes are views of the same memory wherever strides allow. "
                                      "NumPy and PyTorch see the memory too: numpy.asarray(x), torch.from_dlpack(x).")},
                   {Py_tp_getset, attributes},
                   {Py_mp_length, reinterpret_cast<void*>(&length)},
                   {Py_mp_subscript, reinterpret_cast<void*>(&subscript)},
                   {Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                   {0, nullptr},
               });
  PyType_Spec specification{"assay.vgpu.Array", sizeof(ArrayObject), 0,
                            static_cast<unsigned int>(Py_TPFLAGS_DISALLOW_INSTANTIATION), slots.data()};
  return Owned(PyType_FromSpec(&specification)).release();
}

}  // namespace

PyObject* array_type() {
  if (type_of_arrays == nullptr) {
    type_of_arrays = make_type();
  }
  return type_of_arrays;
}

void array_setup(PyObject* dtypes) {
  if (PyTuple_Size(dtypes) != DTYPES) {
    throw TypeError("expected a tuple of all data types");
  }
  Py_IncRef(dtypes);
  dtype_objects = dtypes;
}

ArrayObject* as_array(PyObject* object) noexcept {
  return object->ob_type == type_of_arrays ? reinterpret_cast<ArrayObject*>(object) : nullptr;
}

View view_of(const ArrayObject& array) noexcept {
  return {array.data, array.dtype, array.ndim, array.shape.data(), array.strides.data()};
}

Owned new_array_on(Storage* storage, std::byte* data, DType dtype, const Dimensions& shape, const Dimensions& strides) {
  Owned object(allocate(shape.count));
  ArrayObject& array = object.array();
  retain(storage);
  array.storage = storage;
  array.data = data;
  array.dtype = dtype;
  array.size = counted(shape.count, shape.values.data());
  std::copy_n(shape.values.begin(), shape.count, array.shape.begin());
  std::copy_n(strides.values.begin(), shape.count, array.strides.begin());
  array.contiguous = is_contiguous(array, true);
  return object;
}

Owned new_array(DType dtype, int ndim, const std::int64_t* shape) {
  const std::int64_t size = counted(ndim, shape);
  Owned object(allocate(ndim));
  ArrayObject& array = object.array();
  array.storage = new_storage(size * size_of(dtype));
  array.data = array.storage->data;
  array.dtype = dtype;
  array.size = size;
  array.contiguous = true;
  std::int64_t step = size_of(dtype);
  for (auto axis = static_cast<std::size_t>(ndim); axis-- > 0;) {
    array.shape[axis] = shape[axis];
    array.strides[axis] = step;
    step *= std::max<std::int64_t>(shape[axis], 1);
  }
  return object;
}

std::string shape_text(const View& view) {
  std::string text = "(";
  for (int axis = 0; axis < view.ndim; ++axis) {
    text += (axis == 0 ? "" : ", ") + std::to_string(view.shape[axis]);
  }
  return text + (view.ndim == 1 ? ",)" : ")");
}

PyObject* tuple_of(const std::int64_t* values, int count) {
  PyObject* const tuple = PyTuple_New(count);
  for (int i = 0; tuple != nullptr && i < count; ++i) {
    PyObject* const item = PyLong_FromLongLong(values[i]);
    if (item == nullptr || PyTuple_SetItem(tuple, i, item) != 0) {
      Py_DecRef(tuple);
      return nullptr;
    }
  }
  return tuple;
}

Argument<DType>::Argument(PyObject* object) {
  const std::int64_t code = Argument<std::int64_t>(object).get();
  if (code < 0 || code >= DTYPES) {
    throw TypeError("no such data type");
  }
  dtype = static_cast<DType>(code);
}

Argument<Dimensions>::Argument(PyObject* object) {
  const Py_ssize_t count = PyTuple_Size(object);
  if (count < 0) {
    throw ErrorIsSet{};
  }
  if (count > MAX_DIMENSIONS) {
    throw Error(ErrorKind::usage,
                "an array has at most " + std::to_string(MAX_DIMENSIONS) + " axes, not " + std::to_string(count));
  }
  dimensions.count = static_cast<int>(count);
  for (Py_ssize_t i = 0; i < count; ++i) {
    dimensions.values[static_cast<std::size_t>(i)] = Argument<std::int64_t>(PyTuple_GetItem(object, i)).get();
  }
}

}  // namespace assay::python
