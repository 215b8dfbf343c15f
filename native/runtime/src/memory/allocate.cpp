#include <algorithm>
#include <bit>
#include <string>

#include "assay/runtime/memory.h"
#include "memory/large.h"
#include "memory/threads.h"
#include "pages/budget.h"
#include "pages/pages.h"
#include "pages/poison.h"

namespace assay {
namespace {

using namespace memory;

constexpr std::size_t CACHE_LINE_BYTES = 64;

// Constant-initialised and in static storage of the thread, so that reading it costs one instruction.
[[gnu::tls_model("initial-exec")]] thread_local constinit Heap* current = &no_heap;
thread_local constinit bool leaving = false;

// Its destructor runs at the end of the thread.
struct Leave {
  bool armed = false;
  Leave() = default;
  Leave(const Leave&) = delete;
  Leave& operator=(const Leave&) = delete;
  ~Leave() {
    leaving = true;
    if (current != &no_heap) {
      current->trim();
      abandon_heap(current);
      current = &no_heap;
    }
  }
};
thread_local Leave leave;

void* handed_out(void* block, [[maybe_unused]] std::size_t bytes, [[maybe_unused]] std::size_t slot_bytes) noexcept {
  poison(block, slot_bytes);
  unpoison(block, bytes);
  return block;
}

void* take_from(Heap* heap, std::size_t size_class) noexcept {
  if (void* const block = heap->take(size_class)) {
    return block;
  }
  return heap->refill(size_class) ? heap->take(size_class) : nullptr;
}

// A thread that has no heap adopts one; one that is ending borrows one for this block.
void* take_without_heap(std::size_t size_class) noexcept {
  Heap* const heap = adopt_heap();
  if (heap == nullptr) {
    return nullptr;
  }
  if (!leaving) {
    leave.armed = true;  // the first touch registers the destructor
    current = heap;
    return take_from(heap, size_class);
  }
  void* const block = take_from(heap, size_class);
  abandon_heap(heap);
  return block;
}

void* try_allocate(std::size_t bytes, std::size_t alignment) noexcept {
  const std::size_t rounded = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
  if (rounded > LARGEST_SLOT_BYTES || alignment > UNIT_BYTES) {
    return take_large(bytes, alignment, charge_resident);
  }
  const std::size_t size_class = class_of(rounded);
  void* const block = current != &no_heap ? take_from(current, size_class) : take_without_heap(size_class);
  return block == nullptr ? nullptr : handed_out(block, bytes, SIZE_CLASSES[size_class].slot_bytes);
}

[[noreturn]] void refuse(std::int64_t bytes, std::int64_t alignment) {
  throw Error(ErrorKind::usage, "allocate: " + std::to_string(bytes) + " bytes aligned to " +
                                    std::to_string(alignment) +
                                    " can't be; ask for 0 bytes or more and a power of two");
}

[[gnu::noinline]] void* allocate_slowly(std::int64_t bytes, std::int64_t alignment) {
  if (bytes < 0 || alignment <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(alignment))) {
    refuse(bytes, alignment);
  }
  while (true) {
    if (void* const block = try_allocate(static_cast<std::size_t>(bytes), static_cast<std::size_t>(alignment))) {
      return block;
    }
    if (!make_room(bytes)) {
      throw OutOfMemory("allocate: no room for " + std::to_string(bytes) + " bytes. " + describe_holders());
    }
  }
}

[[gnu::noinline]] void deallocate_slowly(void* pointer) noexcept {
  if (reinterpret_cast<std::uintptr_t>(pointer) % SEGMENT_BYTES == 0) {
    give_large(pointer);
    return;
  }
  segment_of(pointer)->heap->give_from_afar(static_cast<Block*>(pointer));
}

// `alignment` is a constant: less to do than in allocate_slowly(), which knows all sizes and alignments.
template <std::size_t alignment>
void* allocate_quickly(std::int64_t bytes) {
  static_assert(alignment % FINE_STEP == 0);
  const auto size = static_cast<std::size_t>(bytes);
  if (size <= FINE_BYTES) [[likely]] {
    const std::size_t size_class = (size + alignment - 1) / alignment * (alignment / FINE_STEP);
    if (void* const block = current->take(size_class)) [[likely]] {
      return handed_out(block, size, SIZE_CLASSES[size_class].slot_bytes);
    }
  }
  return allocate_slowly(bytes, alignment);
}

}  // namespace

void* allocate_aligned_to_16(std::int64_t bytes) { return allocate_quickly<16>(bytes); }

void* allocate_aligned_to_64(std::int64_t bytes) { return allocate_quickly<CACHE_LINE_BYTES>(bytes); }

void* allocate_aligned(std::int64_t bytes, std::int64_t alignment) { return allocate_slowly(bytes, alignment); }

void deallocate(void* pointer) noexcept {
  const auto place = reinterpret_cast<std::uintptr_t>(pointer) % SEGMENT_BYTES;
  if (place != 0) [[likely]] {
    const Segment* const segment = segment_of(pointer);
    Heap* const heap = current;
    if (segment->heap == heap) [[likely]] {
      heap->give(static_cast<Block*>(pointer), segment->class_of[place / UNIT_BYTES]);
      return;
    }
  }
  deallocate_slowly(pointer);
}

std::int64_t usable_bytes(const void* pointer) noexcept {
  const auto place = reinterpret_cast<std::uintptr_t>(pointer) % SEGMENT_BYTES;
  if (place == 0) {
    return static_cast<std::int64_t>(large_bytes(pointer));
  }
  return SIZE_CLASSES[segment_of(pointer)->class_of[place / UNIT_BYTES]].slot_bytes;
}

BlockStatistics block_statistics() {
  const HeapTotals heaps = heap_totals();
  const PageStatistics pages = page_statistics();
  return {.small_live_bytes = heaps.live_bytes,
          .small_slab_bytes = heaps.slab_bytes,
          .small_segment_bytes = heaps.segment_bytes,
          .large_live_bytes = all_large_bytes(),
          .mapped_bytes = pages.mapped_bytes,
          .huge_bytes = pages.huge_bytes,
          .reserved_bytes = pages.reserved_bytes,
          .idle_bytes = pages.idle_bytes,
          .mappings = pages.mappings,
          .reuses = pages.reuses,
          .heaps = heaps.heaps};
}

void trim() noexcept {
  if (current != &no_heap) {
    current->trim();
  }
  trim_idle_heaps();
  drop_idle_pages(0);
}

}  // namespace assay
