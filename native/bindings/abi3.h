// The part of CPython's stable ABI (PEP 384, "Limited API" as of Python 3.11) that the bindings use, declared here, so
// that building needs no Python.h. Names, signatures and layouts are those of the documentation
// (docs.python.org/3/c-api); native/tests/abi3 compares them with the real header where there is one.
#pragma once

#include <cstddef>

extern "C" {

using Py_ssize_t = std::ptrdiff_t;

// Python object: opaque, but for its two leading words, which static module definitions must provide room for.
struct PyObject {
  Py_ssize_t ob_refcnt;
  void* ob_type;
};

struct PyThreadState;

using PyCFunction = PyObject* (*)(PyObject* module, PyObject* arguments);
using PyCFunctionFast = PyObject* (*)(PyObject* module, PyObject* const* arguments, Py_ssize_t count);

struct PyMethodDef {
  const char* ml_name;
  PyCFunction ml_meth;
  int ml_flags;
  const char* ml_doc;
};

struct PyModuleDef_Base {
  PyObject ob_base;
  PyObject* (*m_init)();
  Py_ssize_t m_index;
  PyObject* m_copy;
};

struct PyModuleDef_Slot {
  int slot;
  void* value;
};

struct PyModuleDef {
  PyModuleDef_Base m_base;
  const char* m_name;
  const char* m_doc;
  Py_ssize_t m_size;
  PyMethodDef* m_methods;
  PyModuleDef_Slot* m_slots;
  int (*m_traverse)(PyObject*, int (*)(PyObject*, void*), void*);
  int (*m_clear)(PyObject*);
  void (*m_free)(void*);
};

struct PyType_Slot {
  int slot;
  void* pfunc;
};

struct PyType_Spec {
  const char* name;
  int basicsize;
  int itemsize;
  unsigned int flags;
  PyType_Slot* slots;
};

// Stable since Python 3.11.
struct Py_buffer {
  void* buf;
  PyObject* obj;
  Py_ssize_t len;
  Py_ssize_t itemsize;
  int readonly;
  int ndim;
  char* format;
  Py_ssize_t* shape;
  Py_ssize_t* strides;
  Py_ssize_t* suboffsets;
  void* internal;
};

extern PyObject _Py_NoneStruct;
extern PyObject* PyExc_MemoryError;
extern PyObject* PyExc_OSError;
extern PyObject* PyExc_RuntimeError;
extern PyObject* PyExc_TypeError;
extern PyObject* PyExc_ValueError;

PyObject* PyModuleDef_Init(PyModuleDef* definition);

PyObject* PyType_FromSpec(PyType_Spec* spec);
PyObject* PyType_GenericAlloc(PyObject* type, Py_ssize_t items);
void PyObject_Free(void* memory);

void Py_IncRef(PyObject* object);
void Py_DecRef(PyObject* object);

PyObject* PyErr_Occurred();
void PyErr_SetString(PyObject* type, const char* message);

long long PyLong_AsLongLong(PyObject* object);
PyObject* PyLong_FromLongLong(long long value);
double PyFloat_AsDouble(PyObject* object);
PyObject* PyFloat_FromDouble(double value);
int PyObject_IsTrue(PyObject* object);
PyObject* PyBool_FromLong(long value);
const char* PyUnicode_AsUTF8AndSize(PyObject* object, Py_ssize_t* size);
PyObject* PyUnicode_FromStringAndSize(const char* text, Py_ssize_t size);
PyObject* PyBytes_FromStringAndSize(const char* bytes, Py_ssize_t size);
PyObject* PyTuple_New(Py_ssize_t size);
int PyTuple_SetItem(PyObject* tuple, Py_ssize_t index, PyObject* stolen);

int PyObject_GetBuffer(PyObject* exporter, Py_buffer* view, int flags);
void PyBuffer_Release(Py_buffer* view);
int PyBuffer_FillInfo(Py_buffer* view, PyObject* exporter, void* start, Py_ssize_t bytes, int readonly, int flags);

PyThreadState* PyEval_SaveThread();
void PyEval_RestoreThread(PyThreadState* state);

}  // extern "C"

namespace assay::python {

inline constexpr int Py_bf_getbuffer = 1;
inline constexpr int Py_bf_releasebuffer = 2;
inline constexpr int Py_tp_dealloc = 52;
inline constexpr unsigned int Py_TPFLAGS_DISALLOW_INSTANTIATION = 1U << 7;
inline constexpr int METH_FASTCALL = 0x0080;
inline constexpr int PyBUF_WRITABLE = 0x0001;
inline constexpr int PyBUF_FORMAT = 0x0004;
inline constexpr int PyBUF_ND = 0x0008;
inline constexpr int PyBUF_STRIDES = 0x0010 | PyBUF_ND;
inline constexpr int PyBUF_C_CONTIGUOUS = 0x0020 | PyBUF_STRIDES;

}  // namespace assay::python
