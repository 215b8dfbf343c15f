// Graphs: launches captured once, replayed as often as wanted without their host work.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "assay/runtime/stream/operation.h"

namespace assay {

// Complete once captured, and then the same for ever: any thread may replay it.
class Graph {
 public:
  void add(std::shared_ptr<Operation> operation) { operations_.push_back(std::move(operation)); }

  // Everything of another graph, behind what is there.
  void append(const Graph& other);

  // Runs everything in order, in the calling thread. With counters on, each kernel has a row, and each step one that
  // spans its kernels.
  void run(std::int32_t stream) const;

  // Kernels and step markers.
  [[nodiscard]] std::int64_t size() const noexcept { return static_cast<std::int64_t>(operations_.size()); }

 private:
  void run_counted(std::int32_t stream) const;

  std::vector<std::shared_ptr<Operation>> operations_;
};

}  // namespace assay
