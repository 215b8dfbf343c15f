#include "memory/heap.h"

#include <algorithm>
#include <cassert>

namespace assay::memory {
namespace {

constexpr std::size_t EMPTY_SEGMENTS_KEPT = 1;

void add(std::atomic<std::int64_t>& count, std::int64_t value) noexcept {
  count.store(count.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}

std::int64_t bytes_of(const Slab& slab) { return static_cast<std::int64_t>(slab.units * UNIT_BYTES); }

std::int64_t slots_bytes(std::size_t size_class, std::uint32_t slots) {
  return std::int64_t{SIZE_CLASSES[size_class].slot_bytes} * slots;
}

}  // namespace

Heap::Heap(Charge charge) noexcept : charge_(charge) {
  for (std::size_t i = 0; i < CLASSES; ++i) {
    bins_[i].kept = SIZE_CLASSES[i].kept;
    bins_[i].set_count(0);
  }
}

bool Heap::refill(std::size_t size_class) noexcept {
  drain();
  Bin& bin = bins_[size_class];
  if (bin.first != nullptr) {
    return true;
  }
  Slab* slab = slabs_[size_class];
  if (slab == nullptr) {
    slab = new_slab(size_class);
  }
  if (slab == nullptr) {
    return false;
  }
  fill_from(*slab, bin);
  assert(memory::holds(*slab));
  return true;
}

// Takes the whole list of free slots where there is one, or else a batch of fresh ones.
void Heap::fill_from(Slab& slab, Bin& bin) noexcept {
  const SizeClass& size = SIZE_CLASSES[slab.size_class];
  std::uint32_t taken = slab.free_count;
  if (taken > 0) {
    bin.first = slab.free;
    slab.free = nullptr;
    slab.free_count = 0;
  } else {
    taken = std::min(size.batch, size.slots - slab.carved);
    std::byte* const start = first_slot(slab) + std::size_t{slab.carved} * size.slot_bytes;
    for (std::uint32_t i = taken; i-- > 0;) {
      auto* const block = reinterpret_cast<Block*>(start + std::size_t{i} * size.slot_bytes);
      unpoison(block, sizeof(Block));
      block->next = bin.first;
      poison(block, sizeof(Block));
      bin.first = block;
    }
    slab.carved += taken;
  }
  slab.used += taken;
  add(used_bytes_, slots_bytes(slab.size_class, taken));
  bin.set_count(bin.count() + taken);
  if (slab.carved == size.slots) {
    unlist(slab);
  }
}

Slab* Heap::new_slab(std::size_t size_class) noexcept {
  const auto bytes = static_cast<std::int64_t>(SIZE_CLASSES[size_class].units * UNIT_BYTES);
  if (!charge_(bytes)) {
    return nullptr;
  }
  Slab* const slab = cut_anywhere(size_class);
  if (slab == nullptr) {
    (void)charge_(-bytes);
    return nullptr;
  }
  add(slab_bytes_, bytes);
  list(*slab);
  return slab;
}

// From one of the first segments that have free units, or from a new one: with many segments, looking through all of
// them for a long run would cost more than the units that it saves.
Slab* Heap::cut_anywhere(std::size_t size_class) noexcept {
  constexpr int most_tries = 8;
  Segment* segment = segments_;
  Slab* slab = nullptr;
  for (int tries = 0; segment != nullptr && slab == nullptr && tries < most_tries; ++tries) {
    Segment* const next = segment->next;
    const bool was_empty = segment->free_units == ALL_UNITS;
    slab = cut_slab(*segment, size_class);
    if (slab != nullptr) {
      empty_segments_ -= was_empty ? 1 : 0;
      break;
    }
    segment = next;
  }
  if (slab == nullptr) {
    segment = new_segment(this);
    if (segment == nullptr) {
      return nullptr;
    }
    add(segment_bytes_, SEGMENT_BYTES);
    list(*segment);
    slab = cut_slab(*segment, size_class);
  }
  if (segment->free_units == 0) {
    unlist(*segment);
  }
  return slab;
}

void Heap::drain() noexcept {
  if (from_afar_.load(std::memory_order_relaxed) == nullptr) {
    return;
  }
  Block* block = from_afar_.exchange(nullptr, std::memory_order_acquire);
  while (block != nullptr) {
    Block* const next = next_of(block);
    give(block, segment_of(block)->class_of[unit_of(block)]);
    block = next;
  }
}

// Keeps the blocks given last, which are the likeliest to be in a cache.
void Heap::give_back(Bin& bin, std::uint32_t keep) noexcept {
  const auto size_class = static_cast<std::size_t>(&bin - bins_.data());
  Block* rest = bin.first;
  if (keep == 0) {
    bin.first = nullptr;
  } else {
    Block* last = bin.first;
    for (std::uint32_t i = 1; i < keep; ++i) {
      Block* const next = next_of(last);
      poison(last, sizeof(Block));
      last = next;
    }
    rest = next_of(last);
    last->next = nullptr;
    poison(last, sizeof(Block));
  }
  add(used_bytes_, -slots_bytes(size_class, bin.count() - keep));
  bin.set_count(keep);
  while (rest != nullptr) {
    Block* const next = next_of(rest);
    return_to_slab(rest);
    rest = next;
  }
}

void Heap::give_half_back(Bin& bin) noexcept { give_back(bin, bin.kept / 2); }

void Heap::return_to_slab(Block* block) noexcept {
  Slab& slab = slab_of(block);
  block->next = slab.free;
  slab.free = block;
  poison(block, sizeof(Block));
  ++slab.free_count;
  if (!slab.listed) {
    list(slab);
  }
  if (--slab.used == 0) {
    release(slab);
  }
}

void Heap::release(Slab& slab) noexcept {
  Segment& segment = *segment_of(&slab);
  unlist(slab);
  if (segment.free_units == 0) {
    list(segment);
  }
  join_slab(slab);
  add(slab_bytes_, -bytes_of(slab));
  (void)charge_(-bytes_of(slab));
  if (segment.free_units == ALL_UNITS && ++empty_segments_ > EMPTY_SEGMENTS_KEPT) {
    release(segment);
  }
}

void Heap::release(Segment& segment) noexcept {
  unlist(segment);
  delete_segment(&segment);
  add(segment_bytes_, -static_cast<std::int64_t>(SEGMENT_BYTES));
  --empty_segments_;
}

void Heap::trim() noexcept {
  drain();
  for (std::size_t i = 0; i < CLASSES; ++i) {
    if (bins_[i].count() > 0) {
      give_back(bins_[i], 0);
    }
  }
  for (Segment* segment = segments_; segment != nullptr && empty_segments_ > 0;) {
    Segment* const next = segment->next;
    if (segment->free_units == ALL_UNITS) {
      release(*segment);
    }
    segment = next;
  }
  assert(holds());
}

void Heap::list(Slab& slab) noexcept {
  Slab*& head = slabs_[slab.size_class];
  slab.previous = nullptr;
  slab.next = head;
  if (head != nullptr) {
    head->previous = &slab;
  }
  head = &slab;
  slab.listed = true;
}

void Heap::unlist(Slab& slab) noexcept {
  (slab.previous != nullptr ? slab.previous->next : slabs_[slab.size_class]) = slab.next;
  if (slab.next != nullptr) {
    slab.next->previous = slab.previous;
  }
  slab.listed = false;
}

void Heap::list(Segment& segment) noexcept {
  segment.previous = nullptr;
  segment.next = segments_;
  if (segments_ != nullptr) {
    segments_->previous = &segment;
  }
  segments_ = &segment;
}

void Heap::unlist(Segment& segment) noexcept {
  (segment.previous != nullptr ? segment.previous->next : segments_) = segment.next;
  if (segment.next != nullptr) {
    segment.next->previous = segment.previous;
  }
}

std::int64_t Heap::live_bytes() const noexcept {
  std::int64_t live = used_bytes_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < CLASSES; ++i) {
    live -= slots_bytes(i, bins_[i].count());
  }
  return live;
}

bool Heap::holds() const noexcept {
  std::size_t empty = 0;
  for (const Segment* segment = segments_; segment != nullptr; segment = segment->next) {
    empty += segment->free_units == ALL_UNITS ? 1 : 0;
    if (segment->heap != this || segment->free_units == 0 || !memory::holds(*segment)) {
      return false;
    }
  }
  for (std::size_t i = 0; i < CLASSES; ++i) {
    for (const Slab* slab = slabs_[i]; slab != nullptr; slab = slab->next) {
      if (!slab->listed || slab->size_class != i || segment_of(slab)->heap != this || !memory::holds(*slab)) {
        return false;
      }
    }
  }
  return empty == empty_segments_;
}

}  // namespace assay::memory
