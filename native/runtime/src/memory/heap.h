// The blocks of one thread: bins that it takes from and gives back to without atomics, slabs that fill the bins.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "memory/classes.h"
#include "memory/segment.h"
#include "pages/poison.h"

namespace assay::memory {

// Free blocks of one class, last in first out: at most `kept`, of which `room` are missing. Only the owner writes;
// `room` is read by statistics too. It counts down, so that giving compares with nothing.
struct Bin {
  Block* first = nullptr;
  std::atomic<std::uint32_t> room{0};
  std::uint32_t kept = 0;

  [[nodiscard]] std::uint32_t count() const noexcept { return kept - room.load(std::memory_order_relaxed); }
  void set_count(std::uint32_t count) noexcept { room.store(kept - count, std::memory_order_relaxed); }
};

// Where a heap's slabs are charged; refuses when a limit would be passed.
using Charge = bool (*)(std::int64_t bytes) noexcept;

// One thread at a time owns a heap: it alone takes, gives, refills. Any thread may give from afar.
// A heap outlives its threads: blocks that are still in use lead to it, and the next new thread adopts it.
class Heap {
 public:
  constexpr Heap() = default;
  explicit Heap(Charge charge) noexcept;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  // Null when the bin is empty; refill() then.
  [[nodiscard]] void* take(std::size_t size_class) noexcept;

  // Fills the bin. False when a limit is reached or the system has no memory.
  [[nodiscard]] bool refill(std::size_t size_class) noexcept;

  // By the owner, for a block of this heap.
  void give(Block* block, std::size_t size_class) noexcept;

  // By any thread, for a block of this heap.
  void give_from_afar(Block* block) noexcept;

  // Gives everything free back to slabs, segments, and the page cache. By the owner.
  void trim() noexcept;

  // Bytes in the hands of callers, those given from afar and not yet drained included. Exact while nothing runs.
  [[nodiscard]] std::int64_t live_bytes() const noexcept;
  // Bytes of the slabs, and of the segments that they lie in.
  [[nodiscard]] std::int64_t slab_bytes() const noexcept { return slab_bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t segment_bytes() const noexcept { return segment_bytes_.load(std::memory_order_relaxed); }

  // The invariants of every segment with a free unit and every listed slab. By the owner.
  [[nodiscard]] bool holds() const noexcept;

  Heap* next_idle = nullptr;   // guarded by the list of idle heaps
  Heap* next_known = nullptr;  // written once, before the heap is shared

 private:
  void drain() noexcept;
  void give_back(Bin& bin, std::uint32_t keep) noexcept;
  [[gnu::noinline]] void give_half_back(Bin& bin) noexcept;
  void return_to_slab(Block* block) noexcept;
  void release(Slab& slab) noexcept;
  void release(Segment& segment) noexcept;
  void list(Slab& slab) noexcept;
  void unlist(Slab& slab) noexcept;
  void list(Segment& segment) noexcept;
  void unlist(Segment& segment) noexcept;
  void fill_from(Slab& slab, Bin& bin) noexcept;
  [[nodiscard]] Slab* new_slab(std::size_t size_class) noexcept;
  [[nodiscard]] Slab* cut_anywhere(std::size_t size_class) noexcept;

  std::array<Bin, CLASSES> bins_{};
  std::array<Slab*, CLASSES> slabs_{};
  Segment* segments_ = nullptr;
  std::size_t empty_segments_ = 0;
  Charge charge_ = nullptr;
  std::atomic<std::int64_t> slab_bytes_{0};
  std::atomic<std::int64_t> segment_bytes_{0};
  std::atomic<std::int64_t> used_bytes_{0};  // slots in bins or in hands
  alignas(64) std::atomic<Block*> from_afar_{nullptr};
};

inline Block* next_of(Block* block) noexcept {
  unpoison(block, sizeof(Block));
  return block->next;
}

inline void* Heap::take(std::size_t size_class) noexcept {
  Bin& bin = bins_[size_class];
  Block* const block = bin.first;
  if (block == nullptr) [[unlikely]] {
    return nullptr;
  }
  bin.first = next_of(block);
  bin.room.store(bin.room.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return block;
}

inline void Heap::give(Block* block, std::size_t size_class) noexcept {
  Bin& bin = bins_[size_class];
  unpoison(block, sizeof(Block));
  block->next = bin.first;
  bin.first = block;
  const std::uint32_t room = bin.room.load(std::memory_order_relaxed);
  bin.room.store(room - 1, std::memory_order_relaxed);  // give_half_back() puts it right where there was none
  poison(block, SIZE_CLASSES[size_class].slot_bytes);
  if (room == 0) [[unlikely]] {
    give_half_back(bin);
  }
}

inline void Heap::give_from_afar(Block* block) noexcept {
  unpoison(block, sizeof(Block));
  Block* first = from_afar_.load(std::memory_order_relaxed);
  do {
    block->next = first;
  } while (!from_afar_.compare_exchange_weak(first, block, std::memory_order_release, std::memory_order_relaxed));
}

}  // namespace assay::memory
