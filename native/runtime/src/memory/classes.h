// The sizes that small blocks come in, and the units they are cut from.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace assay::memory {

inline constexpr std::size_t UNIT_BYTES = std::size_t{64} << 10;
inline constexpr std::size_t SEGMENT_BYTES = std::size_t{2} << 20;
inline constexpr std::size_t UNITS = SEGMENT_BYTES / UNIT_BYTES;

// Multiples of 16 up to FINE_BYTES, then four sizes a doubling: at most a quarter is lost, mostly far less.
inline constexpr std::size_t FINE_STEP = 16;
inline constexpr std::size_t FINE_BYTES = 1024;
inline constexpr std::size_t FINE_CLASSES = FINE_BYTES / FINE_STEP + 1;
inline constexpr std::size_t LARGEST_SLOT_BYTES = std::size_t{1792} << 10;

// The class for `bytes` in [0, LARGEST_SLOT_BYTES]. Where `bytes` is a multiple of a power of two, so is the slot.
constexpr std::size_t class_of(std::size_t bytes) {
  if (bytes <= FINE_BYTES) {
    return (bytes + FINE_STEP - 1) / FINE_STEP;
  }
  const auto bits = static_cast<unsigned>(std::bit_width(bytes - 1));
  return FINE_CLASSES + (bits - 11) * 4 + (((bytes - 1) >> (bits - 3)) & 3U);
}

constexpr std::size_t slot_bytes_of(std::size_t size_class) {
  if (size_class == 0) {
    return 64;  // a block of no bytes still has an address of its own, aligned as any other
  }
  if (size_class < FINE_CLASSES) {
    return size_class * FINE_STEP;
  }
  const std::size_t doubling = (size_class - FINE_CLASSES) / 4;
  const std::size_t quarter = (size_class - FINE_CLASSES) % 4 + 1;
  return (FINE_BYTES + quarter * (FINE_BYTES / 4)) << doubling;
}

inline constexpr std::size_t CLASSES = class_of(LARGEST_SLOT_BYTES) + 1;

// Units of a slab: four slots or more up to 128 KiB, one slot beyond.
constexpr std::size_t units_of(std::size_t slot_bytes) {
  const std::size_t wanted = slot_bytes <= 2 * UNIT_BYTES ? 4 * slot_bytes : slot_bytes;
  return (wanted + UNIT_BYTES - 1) / UNIT_BYTES;
}

struct SizeClass {
  std::uint32_t slot_bytes;
  std::uint32_t slots;  // of a slab
  std::uint32_t units;  // of a slab
  std::uint32_t batch;  // slots that a bin takes from a fresh slab at once
  std::uint32_t kept;   // free slots that a bin holds before it gives half of them back to their slabs
};

constexpr std::uint32_t at_least(std::uint32_t least, std::size_t value) {
  return value < least ? least : static_cast<std::uint32_t>(value);
}

inline constexpr std::array<SizeClass, CLASSES> SIZE_CLASSES = [] {
  constexpr std::size_t batch_bytes = std::size_t{16} << 10;
  constexpr std::size_t kept_bytes = std::size_t{1} << 20;
  std::array<SizeClass, CLASSES> table{};
  for (std::size_t i = 0; i < CLASSES; ++i) {
    const std::size_t bytes = slot_bytes_of(i);
    const std::size_t units = units_of(bytes);
    table[i] = {.slot_bytes = static_cast<std::uint32_t>(bytes),
                .slots = static_cast<std::uint32_t>(units * UNIT_BYTES / bytes),
                .units = static_cast<std::uint32_t>(units),
                .batch = at_least(1, batch_bytes / bytes),
                .kept = at_least(4, kept_bytes / bytes < 4096 ? kept_bytes / bytes : 4096)};
  }
  return table;
}();
// A bin has room for all slots of a slab.
static_assert(std::ranges::all_of(SIZE_CLASSES, [](const SizeClass& size) { return size.kept >= size.slots; }));

}  // namespace assay::memory
