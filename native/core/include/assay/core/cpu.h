// Facts about the processor, by CPUID and XCR0.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace assay {

// Every feature the core looks for, by the kernel's name for it, sorted.
[[nodiscard]] std::span<const std::string_view> known_cpu_features() noexcept;

// Those that are usable here: the processor has them and the operating system saves their registers.
// Sorted; empty on processors other than x86-64.
[[nodiscard]] std::vector<std::string_view> cpu_features();

[[nodiscard]] bool has_cpu_feature(std::string_view feature) noexcept;

// Whether the time-stamp counter runs at a constant rate in all power states.
[[nodiscard]] bool has_invariant_tsc() noexcept;

}  // namespace assay
