#include "memory/heap.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "memory/large.h"
#include "pages/pages.h"

namespace assay::memory {
namespace {

bool unlimited(std::int64_t) noexcept { return true; }
bool refused(std::int64_t bytes) noexcept { return bytes <= 0; }

void* take(Heap& heap, std::size_t bytes) {
  const std::size_t size_class = class_of(bytes);
  if (void* const block = heap.take(size_class)) {
    return block;
  }
  return heap.refill(size_class) ? heap.take(size_class) : nullptr;
}

void give(Heap& heap, void* block) {
  REQUIRE(segment_of(block)->heap == &heap);
  heap.give(static_cast<Block*>(block), segment_of(block)->class_of[unit_of(block)]);
}

TEST_CASE("each class holds its sizes, and little more") {
  std::size_t before = 0;
  for (std::size_t i = 1; i < CLASSES; ++i) {
    const std::size_t bytes = slot_bytes_of(i);
    REQUIRE(bytes > before);
    CHECK(class_of(bytes) == i);
    CHECK(class_of(before + 1) == i);
    CHECK((bytes - before <= FINE_STEP || 4 * (bytes - before) <= bytes));
    CHECK(SIZE_CLASSES[i].slots * std::size_t{SIZE_CLASSES[i].slot_bytes} <= SIZE_CLASSES[i].units * UNIT_BYTES);
    before = bytes;
  }
  CHECK(before == LARGEST_SLOT_BYTES);
}

TEST_CASE("the invariants hold through random work, and all memory returns") {
  Heap heap(unlimited);
  std::mt19937_64 random(7);
  std::vector<std::pair<void*, std::size_t>> blocks;
  std::int64_t live = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (blocks.empty() || random() % 5 < 3) {
      const std::size_t bytes = 1 + random() % (std::size_t{1} << (4 + random() % 15));
      blocks.emplace_back(take(heap, bytes), bytes);
      live += static_cast<std::int64_t>(slot_bytes_of(class_of(bytes)));
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      live -= static_cast<std::int64_t>(slot_bytes_of(class_of(blocks.back().second)));
      give(heap, blocks.back().first);
      blocks.pop_back();
    }
    if (step % 1000 == 0) {
      REQUIRE(heap.holds());
      REQUIRE(heap.live_bytes() == live);
    }
  }
  for (const auto& [block, bytes] : blocks) {
    give(heap, block);
  }
  CHECK(heap.live_bytes() == 0);
  heap.trim();
  CHECK(heap.holds());
  CHECK(heap.slab_bytes() == 0);
  CHECK(heap.segment_bytes() == 0);
}

TEST_CASE("blocks that others give back are found when a bin is empty") {
  Heap heap(unlimited);
  void* const first = take(heap, 1'500'000);
  heap.give_from_afar(static_cast<Block*>(first));
  CHECK(heap.live_bytes() > 0);
  CHECK(take(heap, 1'500'000) == first);
  give(heap, first);
  heap.trim();
  CHECK(heap.live_bytes() == 0);
  CHECK(heap.segment_bytes() == 0);
}

TEST_CASE("a heap whose charge is refused has no block") {
  Heap heap(refused);
  CHECK(take(heap, 64) == nullptr);
  CHECK(heap.segment_bytes() == 0);
  CHECK(take_large(std::size_t{4} << 20, 64, refused) == nullptr);
}

TEST_CASE("a run of pages that was given back is used again, and dropped when asked") {
  drop_idle_pages(0);
  const Pages first = take_pages(5'000'000, 64);
  REQUIRE(first.first != nullptr);
  CHECK(reinterpret_cast<std::uintptr_t>(first.first) % SEGMENT_BYTES == 0);
  give_pages(first);
  const PageStatistics before = page_statistics();
  CHECK(before.idle_bytes >= 5'000'000);
  const Pages second = take_pages(5'000'100, 64);
  CHECK(second.first == first.first);
  CHECK(page_statistics().mappings == before.mappings);
  give_pages(second);
  drop_idle_pages(0);
  CHECK(page_statistics().idle_bytes == 0);
}

}  // namespace
}  // namespace assay::memory
