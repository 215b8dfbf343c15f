// Fork and join of any number of tasks.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "assay/runtime/cancel.h"
#include "assay/runtime/pool/worker.h"

namespace assay {

// Tasks that are done when sync() returns. A group belongs to the thread that made it, which alone may spawn into it;
// inside its tasks, groups of their own do the same. Groups of one thread end in the reverse order of their making, as
// scopes do. The first exception is thrown by sync(); tasks that have not begun are then left out, as they are once
// stop() was called.
class TaskGroup {
 public:
  TaskGroup() : worker_(&here()), base_(worker_->head()), arena_(worker_->arena) {}
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Left by an exception: what has not begun is left out, what has is waited for.
  ~TaskGroup() {
    if (worker_->head() != base_) [[unlikely]] {
      stop();
      drain();
    }
    worker_->arena.go_back(arena_);
  }

  // Runs `function` once before sync() returns, here or on another worker.
  template <class Function>
  void spawn(Function function) {
    using Kept = GroupTask<Function>;
    static_assert(alignof(Kept) <= alignof(std::max_align_t));
    constexpr std::size_t BYTES =
        (sizeof(Kept) + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);
    auto* const task = std::construct_at(static_cast<Kept*>(worker_->arena.take(BYTES)), *this, std::move(function));
    if (!worker_->push(*task)) [[unlikely]] {
      run_here(*task);
      worker_->arena.next = reinterpret_cast<std::byte*>(task);
    }
  }

  void sync() {
    if (worker_->head() != base_) [[likely]] {
      drain();
    }
    worker_->arena.go_back(arena_);
    if (failure_) [[unlikely]] {
      std::rethrow_exception(std::exchange(failure_, nullptr));
    }
  }

  void stop() noexcept { stop_.request(); }
  [[nodiscard]] bool stopped() const noexcept { return stop_.requested(); }

 private:
  template <class Function>
  struct GroupTask : pool::Task {
    GroupTask(TaskGroup& in, Function&& to_run) : Task(&run_once), group(in), function(std::move(to_run)) {}

    static void run_once(Task& task) {
      auto& self = static_cast<GroupTask&>(task);
      const Ended ended{self.function};
      if (!self.group.stopped()) {
        self.function();
      }
    }

    // Nobody else ends the life of a task in the arena.
    struct Ended {
      Function& function;
      ~Ended() { std::destroy_at(&function); }
    };

    TaskGroup& group;
    Function function;
  };

  static pool::Worker& here();

  void run_here(pool::Task& task) noexcept;
  void drain() noexcept;
  void keep(std::exception_ptr failure) noexcept;

  pool::Worker* const worker_;
  const std::int32_t base_;
  const pool::Arena arena_;
  Cancellation stop_;
  std::exception_ptr failure_;
};

}  // namespace assay
