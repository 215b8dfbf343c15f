// Which instruction set the kernels may use: what the machine has, and what was chosen.
#pragma once

#include <string_view>
#include <vector>

namespace assay {

// Ordered: a later one includes the earlier ones.
enum class Isa { portable, avx2, avx512 };

[[nodiscard]] std::string_view name(Isa isa) noexcept;

// The highest instruction set that processor and operating system both support.
[[nodiscard]] Isa detected_isa() noexcept;

// All that this machine can run, `portable` first.
[[nodiscard]] std::vector<Isa> available_isas();

// What `wanted` asks for; the detected one when it is empty.
// Throws Error when the name is unknown or `detected` doesn't include it.
[[nodiscard]] Isa choose_isa(std::string_view wanted, Isa detected);

// choose_isa() of the environment variable ASSAY_ISA, decided at the first successful call.
[[nodiscard]] Isa chosen_isa();

}  // namespace assay
