// Tasks with an order: each runs once those it needs are done.
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <vector>

#include "assay/runtime/cancel.h"

namespace assay {

// Built once, run as often as wanted, by one thread at a time.
class TaskGraph {
 public:
  using Node = std::size_t;

  Node add(std::function<void()> work);

  // `later` runs after `earlier`. Throws Error for a node of another graph.
  void order(Node earlier, Node later);

  // Runs every node, at most one after another where they are ordered. Returns when all are done; false when `stop` was
  // requested before, which leaves out the nodes that have not begun. The first exception is thrown again here, and
  // leaves them out too. Throws Error when the order is a circle.
  bool run(Cancellation& stop);
  void run();

  [[nodiscard]] std::size_t size() const noexcept { return tasks_.size(); }

 private:
  struct GraphTask {
    explicit GraphTask(std::function<void()> to_run) : work(std::move(to_run)) {}

    std::function<void()> work;
    std::vector<Node> later;
    std::size_t earlier_count = 0;
    std::atomic<std::size_t> missing{0};  // of the earlier ones, in this run
  };

  void refuse_circle();
  void run_from(Node first, Cancellation& stop);
  bool finished_last(Node node) noexcept;

  std::deque<GraphTask> tasks_;
  bool known_sound_ = true;
};

}  // namespace assay
