#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "assay/runtime/memory.h"

namespace assay {
namespace {

TEST_CASE("blocks are aligned, writable and their own") {
  std::vector<std::pair<unsigned char*, std::int64_t>> blocks;
  unsigned char mark = 0;
  for (const std::int64_t alignment : {1, 16, 64, 128, 4096, 65'536, 2'097'152}) {
    for (const std::int64_t bytes : {0, 1, 15, 16, 17, 64, 65, 1000, 1024, 1025, 4097, 16'384, 70'000, 300'000}) {
      auto* const block = static_cast<unsigned char*>(allocate(bytes, alignment));
      REQUIRE(reinterpret_cast<std::uintptr_t>(block) % static_cast<std::uintptr_t>(alignment) == 0);
      std::memset(block, ++mark, static_cast<std::size_t>(bytes));
      blocks.emplace_back(block, bytes);
    }
  }
  mark = 0;
  for (const auto& [block, bytes] : blocks) {
    ++mark;
    for (std::int64_t i = 0; i < bytes; i += 97) {
      REQUIRE(block[i] == mark);
    }
    deallocate(block);
  }
}

TEST_CASE("arguments that can't be right are refused") {
  CHECK_THROWS_AS((void)allocate(-1), Error);
  CHECK_THROWS_AS((void)allocate(8, 0), Error);
  CHECK_THROWS_AS((void)allocate(8, 48), Error);
}

TEST_CASE("what can't be had is an OutOfMemory") {
  CHECK_THROWS_AS((void)allocate(std::int64_t{1} << 55), OutOfMemory);
}

TEST_CASE("freeing null does nothing") { deallocate(nullptr); }

}  // namespace
}  // namespace assay
