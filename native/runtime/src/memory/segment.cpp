#include "memory/segment.h"

#include <bit>

#include "pages/pages.h"
#include "pages/poison.h"

namespace assay::memory {
namespace {

std::uint32_t run_mask(std::size_t first, std::size_t units) {
  return static_cast<std::uint32_t>(((std::uint64_t{1} << units) - 1) << first);
}

std::uint32_t length_of(const Block* list) {
  std::uint32_t length = 0;
  for (; list != nullptr; ++length) {
    unpoison(list, sizeof(Block));
    const Block* const next = list->next;
    poison(list, sizeof(Block));
    list = next;
  }
  return length;
}

}  // namespace

Segment* new_segment(Heap* heap) noexcept {
  const Pages pages = take_pages(SEGMENT_BYTES, SEGMENT_BYTES);
  if (pages.first == nullptr) {
    return nullptr;
  }
  auto* const segment = reinterpret_cast<Segment*>(pages.first);
  segment->heap = heap;
  segment->free_units = ALL_UNITS;
  segment->kind = pages.kind;
  segment->next = nullptr;
  segment->previous = nullptr;
  poison(pages.first + UNIT_BYTES, SEGMENT_BYTES - UNIT_BYTES);
  return segment;
}

void delete_segment(Segment* segment) noexcept {
  give_pages({.first = reinterpret_cast<std::byte*>(segment), .bytes = SEGMENT_BYTES, .kind = segment->kind});
}

Slab* cut_slab(Segment& segment, std::size_t size_class) noexcept {
  const std::size_t units = SIZE_CLASSES[size_class].units;
  std::uint32_t starts = segment.free_units;  // bit u stays set where a run of `units` free units begins at u
  for (std::size_t i = 1; i < units; ++i) {
    starts &= segment.free_units >> i;
  }
  if (starts == 0) {
    return nullptr;
  }
  const auto first = static_cast<std::size_t>(std::countr_zero(starts));
  segment.free_units &= ~run_mask(first, units);
  for (std::size_t unit = first; unit < first + units; ++unit) {
    segment.class_of[unit] = static_cast<std::uint8_t>(size_class);
    segment.first_of[unit] = static_cast<std::uint8_t>(first);
  }
  Slab& slab = segment.slabs[first];
  slab = {.free = nullptr,
          .next = nullptr,
          .previous = nullptr,
          .free_count = 0,
          .used = 0,
          .carved = 0,
          .size_class = static_cast<std::uint16_t>(size_class),
          .units = static_cast<std::uint8_t>(units),
          .listed = false};
  return &slab;
}

void join_slab(Slab& slab) noexcept {
  Segment* const segment = segment_of(&slab);
  const auto first = static_cast<std::size_t>(&slab - segment->slabs.data());
  segment->free_units |= run_mask(first, slab.units);
}

bool holds(const Slab& slab) noexcept {
  const SizeClass& size = SIZE_CLASSES[slab.size_class];
  return slab.free_count + slab.used == slab.carved && slab.carved <= size.slots && slab.units == size.units &&
         slab.listed == (slab.free_count > 0 || slab.carved < size.slots) && length_of(slab.free) == slab.free_count;
}

bool holds(const Segment& segment) noexcept {
  if ((segment.free_units & 1U) != 0 || reinterpret_cast<std::uintptr_t>(&segment) % SEGMENT_BYTES != 0) {
    return false;
  }
  for (std::size_t unit = 1; unit < UNITS; ++unit) {
    if ((segment.free_units >> unit & 1U) != 0) {
      continue;
    }
    const std::size_t first = segment.first_of[unit];
    const Slab& slab = segment.slabs[first];
    if (first > unit || unit >= first + slab.units || segment.class_of[unit] != slab.size_class || !holds(slab)) {
      return false;
    }
  }
  return true;
}

}  // namespace assay::memory
