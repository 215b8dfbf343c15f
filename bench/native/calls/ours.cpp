#include "bind.h"

namespace assay::python {
namespace {

void nothing() {}
std::int64_t add(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t length(std::string_view text) { return static_cast<std::int64_t>(text.size()); }

PyMethodDef methods[] = {
    bind<&nothing, "nothing">(""),  bind<&add, "add">(""),
    bind<&length, "length">(""),    bind<&nothing, "nothing_without_gil", Gil::released>(""),
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot slots[] = {{0, nullptr}};

PyModuleDef definition = {
    .m_base = {.ob_base = {.ob_refcnt = 1, .ob_type = nullptr}, .m_init = nullptr, .m_index = 0, .m_copy = nullptr},
    .m_name = "ours",
    .m_doc = nullptr,
    .m_size = 0,
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = nullptr,
    .m_clear = nullptr,
    .m_free = nullptr,
};

}  // namespace
}  // namespace assay::python

extern "C" [[gnu::visibility("default")]] PyObject* PyInit_ours() {
  return PyModuleDef_Init(&assay::python::definition);
}
