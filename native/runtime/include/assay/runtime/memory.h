// Memory of the vGPU: blocks that stay where they are. Bytes that may move between tiers are in buffer.h.
#pragma once

#include <cstdint>

#include "assay/core/error.h"

namespace assay {

// No tier has room. The message says what holds what and what to do.
class OutOfMemory : public Error {
 public:
  explicit OutOfMemory(const std::string& message) : Error(ErrorKind::memory, message) {}
};

// At least `bytes` (0 gives a block too), aligned to `alignment`, a power of two. The contents are undefined.
// Any thread may free the block. Throws OutOfMemory, and Error when an argument can't be right.
[[nodiscard]] void* allocate(std::int64_t bytes, std::int64_t alignment = 64);

// Gives back what allocate() returned; null is fine.
void deallocate(void* pointer) noexcept;

}  // namespace assay
