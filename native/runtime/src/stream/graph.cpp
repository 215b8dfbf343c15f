#include "assay/runtime/stream/graph.h"

namespace assay {

void Graph::append(const Graph& other) {
  operations_.insert(operations_.end(), other.operations_.begin(), other.operations_.end());
}

void Graph::run(std::int32_t stream) const {
  if (counting()) [[unlikely]] {
    run_counted(stream);
    return;
  }
  for (const std::shared_ptr<Operation>& operation : operations_) {
    operation->run();
  }
}

// One step is open at a time, from its marker to the next.
void Graph::run_counted(std::int32_t stream) const {
  for (std::size_t i = 0; i < operations_.size();) {
    const bool marked = operations_[i]->kind == LaunchKind::step;
    const LaunchScope step = marked ? LaunchScope(stream, operations_[i]->name, {}, LaunchKind::step) : LaunchScope();
    i += marked ? 1 : 0;
    for (; i < operations_.size() && operations_[i]->kind == LaunchKind::kernel; ++i) {
      operations_[i]->launch(stream);
    }
  }
}

}  // namespace assay
