// Fork and join: work that another worker may take, in a frame of the caller's stack.
#pragma once

#include <exception>
#include <utility>

#include "assay/runtime/pool/worker.h"

namespace assay {

// What spawn() returns. Joined by sync(), at the latest when it goes out of scope; those of one thread in the reverse
// order of spawning, as scopes do.
template <class Function>
class [[nodiscard]] Spawned : pool::Task {
 public:
  explicit Spawned(Function&& function) : Task(&run_function), function_(std::move(function)) {
    if (!pool::current->push(*this)) [[unlikely]] {
      pool::current->execute(*this);
    }
  }
  Spawned(const Spawned&) = delete;
  Spawned& operator=(const Spawned&) = delete;

  // Left by an exception: takes the work back unrun, or waits for whoever runs it.
  ~Spawned() {
    if (!joined_) [[unlikely]] {
      if (!pool::current->pop(*this) && !pool::current->join_slowly(*this) && state == FAILED) {
        static_cast<void>(take_failure());
      }
    }
  }

  // Returns when the work is done, by the caller itself unless another has begun it. Throws what the work threw.
  void sync() {
    joined_ = true;
    if (pool::current->pop(*this)) [[likely]] {
      function_();
    } else {
      sync_slowly();
    }
  }

 private:
  static void run_function(Task& task) { static_cast<Spawned&>(task).function_(); }

  [[gnu::noinline]] void sync_slowly() {
    if (pool::current->join_slowly(*this)) {
      function_();
    } else if (state.load(std::memory_order_acquire) == FAILED) {
      std::rethrow_exception(take_failure());
    }
  }

  bool joined_ = false;
  [[no_unique_address]] Function function_;
};

// auto left = spawn([&] { a = fib(n - 1); });
// b = fib(n - 2);
// left.sync();
template <class Function>
Spawned<Function> spawn(Function function) {
  return Spawned<Function>(std::move(function));
}

}  // namespace assay
