// Blocks with pages of their own. They lie at multiples of 2 MiB, where no small block ever does.
#pragma once

#include <cstddef>
#include <cstdint>

#include "memory/heap.h"

namespace assay::memory {

// Null when `charge` refuses or the system has no memory.
[[nodiscard]] void* take_large(std::size_t bytes, std::size_t alignment, Charge charge) noexcept;

// False when no such block is in use.
bool give_large(void* block) noexcept;

// 0 when no such block is in use.
[[nodiscard]] std::size_t large_bytes(const void* block) noexcept;

[[nodiscard]] std::int64_t all_large_bytes() noexcept;

void lock_large() noexcept;
void unlock_large() noexcept;

}  // namespace assay::memory
