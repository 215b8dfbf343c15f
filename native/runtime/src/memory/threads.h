// Which heap is whose: threads adopt one at their first block and leave it at their end.
#pragma once

#include "memory/heap.h"

namespace assay::memory {

// An empty heap that is nobody's, for threads that have none; never refilled.
extern Heap no_heap;

// An idle heap or a new one, for the caller alone, until abandon(). Null when there is no memory for one.
[[nodiscard]] Heap* adopt_heap() noexcept;
void abandon_heap(Heap* heap) noexcept;

// Registers the handlers of fork(), once. Those registered later take their locks before these.
void prepare_for_fork() noexcept;

// Drains and trims the heaps that have no thread.
void trim_idle_heaps() noexcept;

struct HeapTotals {
  std::int64_t live_bytes;
  std::int64_t slab_bytes;
  std::int64_t segment_bytes;
  std::int64_t heaps;
};

[[nodiscard]] HeapTotals heap_totals() noexcept;

}  // namespace assay::memory
