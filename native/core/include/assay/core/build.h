// How this core was built.
#pragma once

#include <string_view>

namespace assay {

// Name and version of the compiler, for example "gcc 12.2.0".
[[nodiscard]] std::string_view compiler() noexcept;

}  // namespace assay
