// How much memory the process may hold resident, and who can make room when that is not enough.
#pragma once

#include <cstdint>
#include <string>

namespace assay::memory {

// Adds to what is resident, unless that would pass the limit; negative bytes give back and never fail.
[[nodiscard]] bool charge_resident(std::int64_t bytes) noexcept;

[[nodiscard]] std::int64_t resident_bytes() noexcept;
[[nodiscard]] std::int64_t most_resident_bytes() noexcept;
[[nodiscard]] std::int64_t resident_limit_bytes() noexcept;
void limit_resident(std::int64_t bytes) noexcept;

// What this machine or its control group has, less a tenth for others.
[[nodiscard]] std::int64_t machine_limit_bytes() noexcept;

// Moves something out, so that trying again is worth it; false when there is nothing. Called without any lock held.
using MakeRoom = bool (*)(std::int64_t bytes);
void set_make_room(MakeRoom make_room) noexcept;
[[nodiscard]] bool make_room(std::int64_t bytes);

// What stands in an OutOfMemory's message after its first sentence: who holds what.
using Describe = std::string (*)();
void set_describe(Describe describe) noexcept;
[[nodiscard]] std::string describe_holders();

}  // namespace assay::memory
