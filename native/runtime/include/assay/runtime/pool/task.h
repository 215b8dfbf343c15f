// A piece of work that one worker leaves for itself or for another to run.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>

namespace assay::pool {

// Lives where the work is made, mostly in a stack frame, and is known by its address: nothing is allocated.
// Whoever made it keeps it until the state is `DONE` or `FAILED`, or until it has taken it back from its deque.
struct Task {
  using Run = void (*)(Task&);

  static constexpr std::uintptr_t WAITING = 0;
  static constexpr std::uintptr_t DONE = 1;
  static constexpr std::uintptr_t FAILED = 2;

  explicit Task(Run run_by) noexcept : run(run_by) {}  // NOLINT: `failure` exists only in the state FAILED
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  [[nodiscard]] bool over(std::uintptr_t seen) const noexcept { return seen == DONE || seen == FAILED; }

  // Moves the exception out of a task in the state FAILED.
  [[nodiscard]] std::exception_ptr take_failure() noexcept {
    auto* const kept = std::launder(reinterpret_cast<std::exception_ptr*>(failure));
    std::exception_ptr taken = std::move(*kept);
    kept->~exception_ptr();
    state.store(DONE, std::memory_order_relaxed);
    return taken;
  }

  Run run;
  std::atomic<std::uintptr_t> state{WAITING};  // or the address of the Worker that stole it
  alignas(std::exception_ptr) std::byte failure[sizeof(std::exception_ptr)];
};

}  // namespace assay::pool
