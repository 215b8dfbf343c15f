// A module of echoes and throws: exercises every conversion and every translation of bind.h from Python.

#include "bind.h"

namespace assay::python {
namespace {

std::int64_t echo_integer(std::int64_t value) { return value; }
double echo_number(double value) { return value; }
bool echo_truth(bool value) { return value; }
std::string echo_text(std::string_view value) { return std::string(value); }
std::int64_t length(Buffer buffer) { return static_cast<std::int64_t>(buffer.as<std::uint8_t>("B").size()); }
std::optional<double> half(double value) { return value == 0 ? std::nullopt : std::optional(value / 2); }
std::vector<std::tuple<std::int64_t, std::string>> pairs(std::int64_t count, std::string_view text) {
  std::vector<std::tuple<std::int64_t, std::string>> result;
  for (std::int64_t i = 0; i < count; ++i) {
    result.emplace_back(i, text);
  }
  return result;
}
std::vector<std::string> broken_text() { return {"fine", "\xff"}; }

void fail(std::string_view kind) {
  if (kind == "usage") {
    throw Error(ErrorKind::usage, "bad value");
  }
  if (kind == "unavailable") {
    throw Error(ErrorKind::unavailable, "not here");
  }
  if (kind == "memory") {
    throw std::bad_alloc();
  }
  if (kind == "standard") {
    throw std::out_of_range("too far");
  }
  throw 42;  // NOLINT: not an exception type, on purpose
}

PyMethodDef methods[] = {
    bind<&echo_integer, "echo_integer">(""),
    bind<&echo_number, "echo_number">(""),
    bind<&echo_truth, "echo_truth">(""),
    bind<&echo_text, "echo_text">(""),
    bind<&length, "length", Gil::released>(""),
    bind<&half, "half">(""),
    bind<&pairs, "pairs">(""),
    bind<&broken_text, "broken_text">(""),
    bind<&fail, "fail">("Throws."),
    bind<&fail, "fail_without_gil", Gil::released>("Throws."),
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef_Slot slots[] = {{0, nullptr}};

PyModuleDef definition = {
    .m_base = {.ob_base = {.ob_refcnt = 1, .ob_type = nullptr}, .m_init = nullptr, .m_index = 0, .m_copy = nullptr},
    .m_name = "_bind_test",
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

extern "C" [[gnu::visibility("default")]] PyObject* PyInit__bind_test() {
  return PyModuleDef_Init(&assay::python::definition);
}
