#include "assay/runtime/task_graph.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

#include "assay/core/error.h"

namespace assay {
namespace {

TEST_CASE("a node runs after all that it needs, in every run") {
  constexpr std::size_t LAYERS = 20;
  constexpr std::size_t WIDTH = 7;
  TaskGraph graph;
  std::atomic<int> clock{0};
  std::vector<int> times(LAYERS * WIDTH);
  for (int& time : times) {
    graph.add([&clock, &time] { time = ++clock; });
  }
  for (std::size_t node = WIDTH; node < LAYERS * WIDTH; ++node) {
    for (std::size_t needed = 0; needed < WIDTH; needed += 2) {
      graph.order(node / WIDTH * WIDTH - WIDTH + needed, node);
    }
  }
  for (int round = 0; round < 50; ++round) {
    clock = 0;
    graph.run();
    REQUIRE(clock == static_cast<int>(times.size()));
    for (std::size_t node = WIDTH; node < times.size(); ++node) {
      for (std::size_t needed = 0; needed < WIDTH; needed += 2) {
        REQUIRE(times[node / WIDTH * WIDTH - WIDTH + needed] < times[node]);
      }
    }
  }
}

TEST_CASE("a graph without nodes is done at once") { CHECK_NOTHROW(TaskGraph().run()); }

TEST_CASE("a chain of a hundred thousand nodes needs no deep stack") {
  TaskGraph graph;
  int sum = 0;
  for (TaskGraph::Node node = 0; node < 100'000; ++node) {
    graph.add([&sum] { ++sum; });
    if (node > 0) {
      graph.order(node - 1, node);
    }
  }
  graph.run();
  CHECK(sum == 100'000);
}

TEST_CASE("nothing runs after a node that threw, and the graph can run again") {
  TaskGraph graph;
  bool broken = true;
  int later_runs = 0;
  const auto first = graph.add([&broken] {
    if (broken) {
      throw std::runtime_error("first");
    }
  });
  graph.order(first, graph.add([&later_runs] { ++later_runs; }));
  CHECK_THROWS_WITH_AS(graph.run(), "first", std::runtime_error);
  CHECK(later_runs == 0);
  broken = false;
  graph.run();
  CHECK(later_runs == 1);
}

TEST_CASE("a node may cancel the rest") {
  TaskGraph graph;
  Cancellation stop;
  int later_runs = 0;
  const auto first = graph.add([&stop] { stop.request(); });
  graph.order(first, graph.add([&later_runs] { ++later_runs; }));
  CHECK_FALSE(graph.run(stop));
  CHECK(later_runs == 0);
}

TEST_CASE("a circle and a foreign node are refused with what to do") {
  TaskGraph graph;
  const auto one = graph.add([] {});
  const auto two = graph.add([] {});
  graph.order(one, two);
  graph.order(two, one);
  CHECK_THROWS_WITH_AS(graph.run(), "task graph: 2 nodes wait for each other in a circle; take an order() away", Error);
  CHECK_THROWS_WITH_AS(graph.order(one, 7),
                       "task graph: order(0, 7) names a node that was never added; pass what add() returned", Error);
}

}  // namespace
}  // namespace assay
