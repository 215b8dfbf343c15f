// How much processor the control groups of this process allow it.
#pragma once

#include <optional>
#include <string>

namespace assay {

// Processors' worth of time, the tightest of all levels (cpu.max of version 2, cpu.cfs_quota_us of version 1).
// None where there is no limit. `root` stands before every path that is read: "" for this machine, a folder for tests.
[[nodiscard]] std::optional<double> quota_cpus(const std::string& root);

}  // namespace assay
