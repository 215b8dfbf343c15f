// 2 MiB of memory of one heap, cut into units of 64 KiB, runs of which are slabs of equal slots.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "memory/classes.h"
#include "pages/pages.h"

namespace assay::memory {

class Heap;

// A free slot. The link lies in the slot itself.
struct Block {
  Block* next;
};

// Every slot of a slab is in one of three places: `free_count` in the list `free`, `used` in a bin of the heap or in
// the hands of a caller, and the last `slots - carved` never touched. So free_count + used == carved <= slots.
// A slab is in its heap's list of its class (`listed`) exactly when free_count > 0 or carved < slots.
// A slab with used == 0 does not exist, but while it is being made.
struct Slab {
  Block* free;
  Slab* next;
  Slab* previous;
  std::uint32_t free_count;
  std::uint32_t used;
  std::uint32_t carved;
  std::uint16_t size_class;
  std::uint8_t units;
  bool listed;
};

// Bit u of `free_units` is set exactly when unit u belongs to no slab; unit 0 holds this header and is never free.
// For every unit u of a slab, class_of[u] is the slab's class and first_of[u] the slab's first unit, which is its index
// in `slabs`. A segment lies at a multiple of its size, so that the address of a block leads to it; a block never lies
// at such a multiple, so that those addresses tell large blocks.
// A segment is in its heap's list of segments exactly when free_units != 0.
struct Segment {
  Heap* heap;
  std::array<std::uint8_t, UNITS> class_of;
  std::array<std::uint8_t, UNITS> first_of;
  std::uint32_t free_units;
  PageKind kind;
  Segment* next;
  Segment* previous;
  std::array<Slab, UNITS> slabs;
};
static_assert(sizeof(Segment) <= UNIT_BYTES);

inline constexpr std::uint32_t ALL_UNITS = 0xffff'fffeU;

inline Segment* segment_of(const void* block) noexcept {
  return reinterpret_cast<Segment*>(reinterpret_cast<std::uintptr_t>(block) & ~(SEGMENT_BYTES - 1));
}

inline std::size_t unit_of(const void* block) noexcept {
  return reinterpret_cast<std::uintptr_t>(block) / UNIT_BYTES % UNITS;
}

inline Slab& slab_of(const void* block) noexcept {
  Segment* const segment = segment_of(block);
  return segment->slabs[segment->first_of[unit_of(block)]];
}

inline std::byte* first_slot(const Slab& slab) noexcept {
  Segment* const segment = segment_of(&slab);
  const auto index = static_cast<std::size_t>(&slab - segment->slabs.data());
  return reinterpret_cast<std::byte*>(segment) + index * UNIT_BYTES;
}

// A fresh or reused segment without slabs; null where the system has no memory.
[[nodiscard]] Segment* new_segment(Heap* heap) noexcept;
void delete_segment(Segment* segment) noexcept;

// The slab made of the first run of free units that is long enough; null where there is none.
[[nodiscard]] Slab* cut_slab(Segment& segment, std::size_t size_class) noexcept;
void join_slab(Slab& slab) noexcept;

// The invariants above.
[[nodiscard]] bool holds(const Slab& slab) noexcept;
[[nodiscard]] bool holds(const Segment& segment) noexcept;

}  // namespace assay::memory
