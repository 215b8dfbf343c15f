#include "assay/runtime/task_graph.h"

#include <optional>
#include <string>
#include <utility>

#include "assay/core/error.h"
#include "assay/runtime/task_group.h"

namespace assay {

TaskGraph::Node TaskGraph::add(std::function<void()> work) {
  tasks_.emplace_back(std::move(work));
  return tasks_.size() - 1;
}

void TaskGraph::order(Node earlier, Node later) {
  if (earlier >= size() || later >= size()) {
    throw Error(ErrorKind::usage, "task graph: order(" + std::to_string(earlier) + ", " + std::to_string(later) +
                                      ") names a node that was never added; pass what add() returned");
  }
  tasks_[earlier].later.push_back(later);
  ++tasks_[later].earlier_count;
  known_sound_ = false;
}

// Takes away what needs nothing, over and over; what is left needs itself.
void TaskGraph::refuse_circle() {
  if (known_sound_) {
    return;
  }
  std::vector<std::size_t> missing;
  std::vector<Node> ready;
  for (Node node = 0; node < size(); ++node) {
    missing.push_back(tasks_[node].earlier_count);
    if (missing.back() == 0) {
      ready.push_back(node);
    }
  }
  std::size_t taken = 0;
  for (; !ready.empty(); ++taken) {
    const Node node = ready.back();
    ready.pop_back();
    for (const Node later : tasks_[node].later) {
      if (--missing[later] == 0) {
        ready.push_back(later);
      }
    }
  }
  if (taken != size()) {
    throw Error(ErrorKind::usage, "task graph: " + std::to_string(size() - taken) +
                                      " nodes wait for each other in a circle; take an order() away");
  }
  known_sound_ = true;
}

bool TaskGraph::finished_last(Node node) noexcept { return tasks_[node].missing.fetch_sub(1) == 1; }

// Runs `first`, and after it whatever becomes ready: the first of it here, the others as tasks.
void TaskGraph::run_from(Node first, Cancellation& stop) {
  TaskGroup others;
  for (std::optional<Node> node = first; node;) {
    if (!stop.requested()) {
      try {
        tasks_[*node].work();
      } catch (...) {
        stop.request();
        throw;
      }
    }
    std::optional<Node> next;
    for (const Node later : tasks_[*node].later) {
      if (!finished_last(later)) {
        continue;
      }
      if (!next) {
        next = later;
      } else {
        others.spawn([this, later, &stop] { run_from(later, stop); });
      }
    }
    node = next;
  }
  others.sync();
}

bool TaskGraph::run(Cancellation& stop) {
  refuse_circle();
  for (GraphTask& task : tasks_) {
    task.missing = task.earlier_count;
  }
  TaskGroup sources;
  for (Node node = 0; node < size(); ++node) {
    if (tasks_[node].earlier_count == 0) {
      sources.spawn([this, node, &stop] { run_from(node, stop); });
    }
  }
  sources.sync();
  return !stop.requested();
}

void TaskGraph::run() {
  Cancellation stop;
  static_cast<void>(run(stop));
}

}  // namespace assay
