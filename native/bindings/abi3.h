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

struct PyGetSetDef {
  const char* name;
  PyObject* (*get)(PyObject* object, void* closure);
  int (*set)(PyObject* object, PyObject* value, void* closure);
  const char* doc;
  void* closure;
};

extern PyObject _Py_NoneStruct;
extern PyObject _Py_NotImplementedStruct;
extern PyObject* PyExc_BufferError;
extern PyObject* PyExc_IndexError;
extern PyObject* PyExc_MemoryError;
extern PyObject* PyExc_OSError;
extern PyObject* PyExc_OverflowError;
extern PyObject* PyExc_RuntimeError;
extern PyObject* PyExc_TypeError;
extern PyObject* PyExc_ValueError;
extern PyObject PyBool_Type;
extern PyObject PyComplex_Type;
extern PyObject PyFloat_Type;
extern PyObject PySlice_Type;
extern PyObject PyTuple_Type;
extern PyObject _Py_EllipsisObject;

PyObject* PyModuleDef_Init(PyModuleDef* definition);

PyObject* PyType_FromSpec(PyType_Spec* spec);
PyObject* PyType_GenericAlloc(PyObject* type, Py_ssize_t items);
void PyObject_Free(void* memory);

void Py_IncRef(PyObject* object);
void Py_DecRef(PyObject* object);

int PyType_IsSubtype(PyObject* type, PyObject* base);
unsigned long PyType_GetFlags(PyObject* type);

void* PyObject_Malloc(std::size_t size);
PyObject* PyObject_Init(PyObject* object, PyObject* type);

PyObject* PyErr_Occurred();
void PyErr_Clear();
void PyErr_SetString(PyObject* type, const char* message);

long long PyLong_AsLongLong(PyObject* object);
PyObject* PyLong_FromLongLong(long long value);
unsigned long long PyLong_AsUnsignedLongLong(PyObject* object);
PyObject* PyLong_FromUnsignedLongLong(unsigned long long value);
PyObject* PyLong_FromDouble(double value);
PyObject* PyNumber_Index(PyObject* object);
double PyComplex_RealAsDouble(PyObject* object);
double PyComplex_ImagAsDouble(PyObject* object);
PyObject* PyComplex_FromDoubles(double real, double imaginary);
double PyFloat_AsDouble(PyObject* object);
PyObject* PyFloat_FromDouble(double value);
int PyObject_IsTrue(PyObject* object);
PyObject* PyBool_FromLong(long value);
const char* PyUnicode_AsUTF8AndSize(PyObject* object, Py_ssize_t* size);
PyObject* PyUnicode_FromStringAndSize(const char* text, Py_ssize_t size);
PyObject* PyBytes_FromStringAndSize(const char* bytes, Py_ssize_t size);
PyObject* PyTuple_New(Py_ssize_t size);
int PyTuple_SetItem(PyObject* tuple, Py_ssize_t index, PyObject* stolen);
Py_ssize_t PyTuple_Size(PyObject* tuple);
PyObject* PyTuple_GetItem(PyObject* tuple, Py_ssize_t index);
Py_ssize_t PyList_Size(PyObject* list);
PyObject* PyList_GetItem(PyObject* list, Py_ssize_t index);

int PySlice_Unpack(PyObject* slice, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t* step);
Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t step);

PyObject* PyObject_CallFunctionObjArgs(PyObject* callable, ...);

PyObject* PyCapsule_New(void* pointer, const char* name, void (*destructor)(PyObject* capsule));
int PyCapsule_IsValid(PyObject* capsule, const char* name);
void* PyCapsule_GetPointer(PyObject* capsule, const char* name);
int PyCapsule_SetName(PyObject* capsule, const char* name);

int PyObject_GetBuffer(PyObject* exporter, Py_buffer* view, int flags);
void PyBuffer_Release(Py_buffer* view);
int PyBuffer_FillInfo(Py_buffer* view, PyObject* exporter, void* start, Py_ssize_t bytes, int readonly, int flags);

int PyGILState_Ensure();
void PyGILState_Release(int state);
PyThreadState* PyEval_SaveThread();
void PyEval_RestoreThread(PyThreadState* state);

}  // extern "C"

namespace assay::python {

inline constexpr unsigned int Py_TPFLAGS_DISALLOW_INSTANTIATION = 1U << 7;
inline constexpr int METH_FASTCALL = 0x0080;
inline constexpr int PyBUF_WRITABLE = 0x0001;
inline constexpr int PyBUF_FORMAT = 0x0004;
inline constexpr int PyBUF_ND = 0x0008;
inline constexpr int PyBUF_STRIDES = 0x0010 | PyBUF_ND;
inline constexpr int PyBUF_C_CONTIGUOUS = 0x0020 | PyBUF_STRIDES;
inline constexpr int PyBUF_F_CONTIGUOUS = 0x0040 | PyBUF_STRIDES;
inline constexpr int PyBUF_ANY_CONTIGUOUS = 0x0080 | PyBUF_STRIDES;

inline constexpr unsigned long Py_TPFLAGS_LONG_SUBCLASS = 1UL << 24;

enum TypeSlot : int {
  Py_bf_getbuffer = 1,
  Py_bf_releasebuffer = 2,
  Py_mp_length = 4,
  Py_mp_subscript = 5,
  Py_nb_absolute = 6,
  Py_nb_add = 7,
  Py_nb_and = 8,
  Py_nb_bool = 9,
  Py_nb_float = 11,
  Py_nb_floor_divide = 12,
  Py_nb_index = 13,
  Py_nb_inplace_add = 14,
  Py_nb_inplace_and = 15,
  Py_nb_inplace_floor_divide = 16,
  Py_nb_inplace_lshift = 17,
  Py_nb_inplace_multiply = 18,
  Py_nb_inplace_or = 19,
  Py_nb_inplace_power = 20,
  Py_nb_inplace_remainder = 21,
  Py_nb_inplace_rshift = 22,
  Py_nb_inplace_subtract = 23,
  Py_nb_inplace_true_divide = 24,
  Py_nb_inplace_xor = 25,
  Py_nb_int = 26,
  Py_nb_invert = 27,
  Py_nb_lshift = 28,
  Py_nb_multiply = 29,
  Py_nb_negative = 30,
  Py_nb_or = 31,
  Py_nb_positive = 32,
  Py_nb_power = 33,
  Py_nb_remainder = 34,
  Py_nb_rshift = 35,
  Py_nb_subtract = 36,
  Py_nb_true_divide = 37,
  Py_nb_xor = 38,
  Py_tp_dealloc = 52,
  Py_tp_doc = 56,
  Py_tp_richcompare = 67,
  Py_tp_getset = 73,
  Py_nb_matrix_multiply = 75,
};

enum Comparison : int { Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE };

}  // namespace assay::python
