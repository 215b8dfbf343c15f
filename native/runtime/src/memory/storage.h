// Memory of the tiers themselves: charged by them, not by the allocator, and shared by all threads.
#pragma once

#include <cstddef>

namespace assay::memory {

// Null when the system has no memory, idle pages included.
[[nodiscard]] void* take_storage(std::size_t bytes) noexcept;
void give_storage(void* block) noexcept;

void lock_storage() noexcept;
void unlock_storage() noexcept;

}  // namespace assay::memory
