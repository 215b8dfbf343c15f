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

// allocate() where the alignment is 16 or 64, and any other: use that.
[[nodiscard]] void* allocate_aligned_to_16(std::int64_t bytes);
[[nodiscard]] void* allocate_aligned_to_64(std::int64_t bytes);
[[nodiscard]] void* allocate_aligned(std::int64_t bytes, std::int64_t alignment);

// At least `bytes` (0 gives a block too), aligned to `alignment`, a power of two. The contents are undefined.
// Any thread may free the block. Throws OutOfMemory, and Error when an argument can't be right.
[[nodiscard]] inline void* allocate(std::int64_t bytes, std::int64_t alignment = 64) {
  if (alignment == 64) {  // mostly a constant, as is what follows from it
    return allocate_aligned_to_64(bytes);
  }
  return alignment == 16 ? allocate_aligned_to_16(bytes) : allocate_aligned(bytes, alignment);
}

// Gives back what allocate() returned; null is fine.
void deallocate(void* pointer) noexcept;

// What may be used of a block: at least what was asked for.
[[nodiscard]] std::int64_t usable_bytes(const void* pointer) noexcept;

// What the blocks of this process take. Blocks up to 1.75 MiB come from slabs of their thread's heap, cut from segments
// of 2 MiB; larger ones have pages of their own. Exact while no other thread allocates.
struct BlockStatistics {
  std::int64_t small_live_bytes;     // in the hands of callers
  std::int64_t small_slab_bytes;     // of the slabs that have such blocks
  std::int64_t small_segment_bytes;  // of the segments
  std::int64_t large_live_bytes;
  std::int64_t mapped_bytes;    // from the system, idle pages included
  std::int64_t huge_bytes;      // of those, in huge pages, as far as the kernel had some
  std::int64_t reserved_bytes;  // of those, from the reserved pool (hugetlb)
  std::int64_t idle_bytes;      // pages kept for reuse
  std::int64_t mappings;        // runs of pages taken from the system, ever
  std::int64_t reuses;          // runs of pages used again instead, ever
  std::int64_t heaps;           // as many threads held blocks at once
};
[[nodiscard]] BlockStatistics block_statistics();

// Gives back to the system what is free: in this thread's heap, in the heaps of threads that ended, and idle pages.
void trim() noexcept;

}  // namespace assay
