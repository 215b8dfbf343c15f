// assay.vgpu._native: converts, releases the GIL and calls. Documentation and checks of arguments live in Python.

#include "methods.h"

namespace assay::python {

std::vector<PyMethodDef>& all_methods() {
  static std::vector<PyMethodDef> methods;
  return methods;
}

namespace {

PyModuleDef_Slot slots[] = {{0, nullptr}};

PyModuleDef definition = {
    .m_base = {.ob_base = {.ob_refcnt = 1, .ob_type = nullptr}, .m_init = nullptr, .m_index = 0, .m_copy = nullptr},
    .m_name = "_native",
    .m_doc = "The native core of assay.vgpu.",
    .m_size = 0,
    .m_methods = nullptr,
    .m_slots = slots,
    .m_traverse = nullptr,
    .m_clear = nullptr,
    .m_free = nullptr,
};

}  // namespace
}  // namespace assay::python

extern "C" [[gnu::visibility("default")]] PyObject* PyInit__native() {
  using namespace assay::python;
  if (definition.m_methods == nullptr) {
    all_methods().push_back({nullptr, nullptr, 0, nullptr});
    definition.m_methods = all_methods().data();
  }
  return PyModuleDef_Init(&definition);
}
