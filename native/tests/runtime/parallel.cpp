#include "assay/runtime/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace assay {
namespace {

TEST_CASE("every index is visited once, whatever the count and the grain") {
  for (const std::int64_t count : {0, 1, 2, 3, 7, 64, 1000, 10'007}) {
    for (const std::int64_t grain : {0, 1, 2, 5, 100, 20'000}) {
      std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
      parallel_for(count, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          ++visits[static_cast<std::size_t>(i)];
        }
      });
      for (const std::atomic<int>& visit : visits) {
        REQUIRE(visit == 1);
      }
    }
  }
}

TEST_CASE("loops nest") {
  std::atomic<std::int64_t> sum{0};
  parallel_for(20, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      parallel_for(50, 1, [&](std::int64_t first, std::int64_t last) { sum += last - first; });
    }
  });
  CHECK(sum == 1000);
}

TEST_CASE("an exception reaches the caller, and the next loop works") {
  const auto fail = [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); };
  CHECK_THROWS_WITH_AS(parallel_for(1000, 1, fail), "no", std::runtime_error);
  std::atomic<std::int64_t> visited{0};
  parallel_for(1000, 1, [&](std::int64_t begin, std::int64_t end) { visited += end - begin; });
  CHECK(visited == 1000);
}

}  // namespace
}  // namespace assay
