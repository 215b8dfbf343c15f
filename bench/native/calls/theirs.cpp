#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>

#include <cstdint>

namespace nb = nanobind;

NB_MODULE(theirs, module) {
  module.def("nothing", [] {});
  module.def("add", [](std::int64_t a, std::int64_t b) { return a + b; });
  module.def("length", [](std::string_view text) { return static_cast<std::int64_t>(text.size()); });
  module.def("nothing_without_gil", [] {}, nb::call_guard<nb::gil_scoped_release>());
}
