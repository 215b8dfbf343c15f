#include "assay/runtime/parallel.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
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

TEST_CASE("every piece has at least the grain, where there is that much") {
  for (const std::int64_t count : {1, 9, 10, 19, 20, 1001}) {
    std::atomic<bool> small{false};
    parallel_for(count, 10, [&](std::int64_t begin, std::int64_t end) {
      if (end - begin < std::min(count, std::int64_t{10})) {
        small = true;
      }
    });
    CHECK_FALSE(small);
  }
}

TEST_CASE("after an exception most of the rest is left out") {
  std::atomic<std::int64_t> pieces{0};
  const auto fail = [&](std::int64_t, std::int64_t) {
    ++pieces;
    throw std::runtime_error("no");
  };
  CHECK_THROWS_AS(parallel_for(100'000, 1, fail), std::runtime_error);
  CHECK(pieces <= 2 * workers());
}

TEST_CASE("a cancelled loop leaves out what has not begun and says so") {
  Cancellation stop;
  std::atomic<std::int64_t> pieces{0};
  const auto cancel = [&](std::int64_t, std::int64_t) {
    ++pieces;
    stop.request();
  };
  CHECK_FALSE(parallel_for(100'000, 1, cancel, stop));
  CHECK(pieces <= 2 * workers());
  CHECK_FALSE(parallel_for(10, 1, cancel, stop));
  Cancellation unused;
  CHECK(parallel_for(10, 1, [](std::int64_t, std::int64_t) {}, unused));
}

TEST_CASE("pieces that wait for each other meet, even where such pieces have always been brief") {
  if (workers() == 1) {
    return;
  }
  std::atomic<int> wanted{0};
  std::atomic<int> arrived{0};
  const auto loop = [&] {
    parallel_for(2, 1, [&](std::int64_t, std::int64_t) {
      ++arrived;
      while (arrived < wanted) {
      }
    });
  };
  for (int round = 0; round < 5; ++round) {
    for (int brief = 0; brief < 50; ++brief) {
      loop();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    loop();
    arrived = 0;
    wanted = 2;
    loop();
    wanted = 0;
  }
  CHECK(arrived >= 2);
}

TEST_CASE("a loop that starts after a rest is whole, whether its pieces are brief or long") {
  for (int round = 0; round < 30; ++round) {
    std::this_thread::sleep_for(std::chrono::microseconds(300));
    std::atomic<std::int64_t> visited{0};
    parallel_for(100, 1, [&](std::int64_t begin, std::int64_t end) {
      if (round % 10 == 9) {
        std::this_thread::sleep_for(std::chrono::microseconds(50));
      }
      visited += end - begin;
    });
    REQUIRE(visited == 100);
  }
}

TEST_CASE("while a thread waits for a nested loop it runs no piece of another loop") {
  thread_local int depth = 0;
  std::atomic<bool> mixed{false};
  parallel_for(200, 1, [&](std::int64_t, std::int64_t) {
    if (depth != 0) {
      mixed = true;
    }
    ++depth;
    std::atomic<std::int64_t> sum{0};
    parallel_for(50, 1, [&](std::int64_t begin, std::int64_t end) { sum += end - begin; });
    --depth;
  });
  CHECK_FALSE(mixed);
}

TEST_CASE("a thread that is alone shares no loop until that is over") {
  const std::int64_t before = workers();
  {
    const Alone alone;
    const Alone twice;
    CHECK(workers() == 1);
    CHECK(all_workers() == before);
    std::int64_t calls = 0;
    parallel_for(1000, 1, [&](std::int64_t begin, std::int64_t end) { calls += end - begin == 1000 ? 1 : 2; });
    CHECK(calls == 1);
  }
  CHECK(workers() == before);
}

}  // namespace
}  // namespace assay
