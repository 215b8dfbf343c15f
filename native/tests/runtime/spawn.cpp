#include "assay/runtime/spawn.h"

#include <doctest/doctest.h>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "assay/runtime/task_group.h"

namespace assay {
namespace {

long fib(long n) {
  if (n < 2) {
    return n;
  }
  long left = 0;
  auto spawned = spawn([&] { left = fib(n - 1); });
  const long right = fib(n - 2);
  spawned.sync();
  return left + right;
}

long leaves(long depth) {
  if (depth == 0) {
    return 1;
  }
  long counts[5] = {};
  TaskGroup group;
  for (long& count : counts) {
    group.spawn([&count, depth] { count = leaves(depth - 1); });
  }
  group.sync();
  return counts[0] + counts[1] + counts[2] + counts[3] + counts[4];
}

TEST_CASE("forks and joins give the sequential answer, again and again") {
  for (int round = 0; round < 20; ++round) {
    REQUIRE(fib(20) == 6765);
    REQUIRE(leaves(5) == 3125);
  }
}

TEST_CASE("work that was not synced is joined where its scope ends") {
  std::atomic<bool> begun{false};
  std::atomic<bool> ended{false};
  {
    auto spawned = spawn([&] {
      begun = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ended = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  CHECK(begun == ended);
}

TEST_CASE("what spawned work throws is thrown by sync") {
  for (int round = 0; round < 200; ++round) {
    auto spawned = spawn([] { throw std::runtime_error("left"); });
    if (round % 2 == 0) {
      std::this_thread::yield();
    }
    CHECK_THROWS_WITH_AS(spawned.sync(), "left", std::runtime_error);
  }
}

TEST_CASE("an exception beside spawned work passes it, and nothing is left behind") {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> running{0};
    const auto both = [&] {
      auto spawned = spawn([&] {
        ++running;
        --running;
        throw std::runtime_error("spawned");
      });
      throw std::runtime_error("beside");
    };
    CHECK_THROWS_WITH_AS(both(), "beside", std::runtime_error);
    CHECK(running == 0);
  }
  CHECK(fib(15) == 610);
}

TEST_CASE("a group runs every task once, also far more than a deque holds") {
  constexpr std::size_t TASKS = 50'000;
  std::vector<std::atomic<int>> runs(TASKS);
  TaskGroup group;
  for (std::atomic<int>& run : runs) {
    group.spawn([&run] { ++run; });
  }
  group.sync();
  for (const std::atomic<int>& run : runs) {
    REQUIRE(run == 1);
  }
}

TEST_CASE("a group is used again after sync") {
  TaskGroup group;
  for (int round = 1; round <= 100; ++round) {
    std::atomic<int> sum{0};
    for (int task = 0; task < round; ++task) {
      group.spawn([&sum, big = std::vector<int>(100, 1)] { sum += big.back(); });
    }
    group.sync();
    REQUIRE(sum == round);
  }
}

TEST_CASE("after one task of a group threw, those not begun are left out, and their closures are destroyed") {
  const auto counted = std::make_shared<int>(0);
  std::atomic<int> runs{0};
  TaskGroup group;
  for (int task = 0; task < 1000; ++task) {
    group.spawn([&runs, counted] {
      ++runs;
      throw std::runtime_error("task");
    });
  }
  CHECK_THROWS_WITH_AS(group.sync(), "task", std::runtime_error);
  CHECK(runs < 1000);
  CHECK(counted.use_count() == 1);
  CHECK(group.stopped());
}

TEST_CASE("a chain of forks deeper than a deque works") {
  struct Chain {
    static long length(long rest) {
      if (rest == 0) {
        return 0;
      }
      long below = 0;
      auto spawned = spawn([] {});
      below = length(rest - 1);
      spawned.sync();
      return below + 1;
    }
  };
  CHECK(Chain::length(10'000) == 10'000);
}

TEST_CASE("many threads that are not the pool's share it") {
  std::vector<std::jthread> threads;
  std::atomic<int> right{0};
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        right += fib(16) == 987 ? 1 : 0;
      }
    });
  }
  threads.clear();
  CHECK(right == 40);
}

}  // namespace
}  // namespace assay
