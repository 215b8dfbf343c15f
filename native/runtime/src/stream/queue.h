// What is launched on a stream and the thread that runs it.
#pragma once

#include <memory>

#include "assay/runtime/stream/operation.h"

namespace assay {

class StreamQueue {
 public:
  explicit StreamQueue(std::int32_t stream);
  ~StreamQueue();
  StreamQueue(const StreamQueue&) = delete;
  StreamQueue& operator=(const StreamQueue&) = delete;

  void push(std::shared_ptr<Operation> operation);

  // Waits until the queue is empty. Throws its first exception, and forgets it.
  void synchronise();

  [[nodiscard]] bool idle() const;

  // In the child of a fork: begins anew, empty, without a thread.
  void restart();

 private:
  struct State;

  static void serve(State& state, std::int32_t stream);

  const std::int32_t stream_;
  std::shared_ptr<State> state_;
};

}  // namespace assay
