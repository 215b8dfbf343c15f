#pragma once

#include <string_view>
#include <tuple>
#include <vector>

#include "bind.h"

namespace assay::python {

[[nodiscard]] std::vector<std::tuple<std::string_view, std::string_view, std::string_view>> kernel_names();

// Runs without the GIL: the buffer stays exported, and nothing here touches Python.
[[nodiscard]] double sum_buffer(Buffer values, std::string_view rung);

}  // namespace assay::python
