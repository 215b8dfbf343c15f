// One thread's place in the pool: its deque of tasks, after Chase and Lev, with a private end.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "assay/runtime/pool/task.h"

namespace assay::pool {

inline constexpr std::size_t CACHE_LINE_BYTES = 64;

// Memory for tasks whose number is not known beforehand; given back in the reverse order of taking.
struct Arena {
  [[nodiscard]] void* take(std::size_t bytes) {
    if (static_cast<std::size_t>(end - next) < bytes) [[unlikely]] {
      grow(bytes);
    }
    return std::exchange(next, next + bytes);
  }

  // Gives back everything that was taken since this arena was copied to `before`.
  void go_back(const Arena& before) noexcept {
    if (chunk != before.chunk) [[unlikely]] {
      shrink(before.chunk);
    }
    *this = before;
  }

  void grow(std::size_t bytes);
  void shrink(const void* to) noexcept;

  std::byte* next = nullptr;
  std::byte* end = nullptr;
  void* chunk = nullptr;  // the youngest, which knows the one before
};

// Times and counts of one worker. Written by its own thread only, read by any.
struct Tally {
  std::atomic<std::int64_t> busy_ns{0};
  std::atomic<std::int64_t> idle_ns{0};
  std::atomic<std::int64_t> steals{0};
  std::atomic<std::int64_t> shared{0};    // times it made tasks public
  std::atomic<std::int64_t> since_ns{0};  // start of what it does now
  std::atomic<bool> busy{false};          // what it does now
  std::atomic<std::uint32_t> turns{0};    // odd while the times change: whoever reads them meanwhile reads again
};

// The deque is a stack of slots that only its owner pushes to and pops from, at `head`:
//
//   0 ........ top ........ split ........ head
//     stolen        public        private
//
// Thieves take from `top`, by compare-and-swap on `word`, which holds top, split and a version. The private part costs
// its owner neither a fence nor a locked instruction. It becomes public, the older half at a time, when somebody asks:
// a thief that finds nothing public, or takes the last of it, lowers `limit` to 0 and raises `floor`, which sends the
// owner's next push or pop the slow way. An empty public part always asks, so the first task pushed is public at once.
//
// Tasks are joined by their makers in the reverse order of making. A stolen task keeps its slot until it is joined, so
// a worker that has to wait has no task left below that slot, and what it then steals from the thief descends from the
// very task it waits for (leapfrogging): waiting never starts work of another region, and stacks stay bounded.
class alignas(CACHE_LINE_BYTES) Worker {
 public:
  static constexpr std::int32_t CAPACITY = 4096;

  // False when the task was not taken, because the deque is full or this thread has no place in a pool: the caller
  // runs it at once.
  [[nodiscard]] bool push(Task& task) {
    const std::int32_t slot = head_;
    if (slot >= limit_.load(std::memory_order_relaxed)) [[unlikely]] {
      return push_slowly(task);
    }
    slots_[static_cast<std::size_t>(slot)].store(&task, std::memory_order_relaxed);
    head_ = slot + 1;
    return true;
  }

  // Takes `task` back, if it is the youngest and nobody stole it. False sends the caller to join_slowly().
  [[nodiscard]] bool pop(const Task& task) noexcept {
    const std::int32_t slot = head_ - 1;
    if (slot < floor_.load(std::memory_order_relaxed) ||
        slots_[static_cast<std::size_t>(slot)].load(std::memory_order_relaxed) != &task) [[unlikely]] {
      return false;
    }
    head_ = slot;
    return true;
  }

  // True when `task` is the caller's to run; false when another has run it, which this waits for.
  [[nodiscard]] bool join_slowly(Task& task);

  [[nodiscard]] std::int32_t head() const noexcept { return head_; }
  [[nodiscard]] Task& youngest() const noexcept {
    return *slots_[static_cast<std::size_t>(head_ - 1)].load(std::memory_order_relaxed);
  }

  // Whether the next push would be shared: the moment to split work.
  [[nodiscard]] bool wanted() const noexcept { return limit_.load(std::memory_order_relaxed) == 0; }

  // Takes the oldest public task, provided `unless` is not over; nullptr when there is none to be had.
  [[nodiscard]] Task* steal(const Task* unless = nullptr) noexcept;
  void ask() noexcept;
  [[nodiscard]] std::uint64_t word() const noexcept { return word_.load(); }
  [[nodiscard]] static bool has_public(std::uint64_t word) noexcept;

  // Runs a task that was stolen or could not be pushed; an exception stays in the task.
  void execute(Task& task) noexcept;

  // Empties the deque for a next owner.
  void reset() noexcept;

  // In the child of a fork: what others stole is lost, since nobody there runs it.
  void abandon() noexcept;

  std::uint32_t generation = 0;  // of the process: a fork leaves the workers of the older ones without a thread
  std::uint32_t seed = 1;        // of the order in which victims are tried
  Arena arena;
  Worker* next_free = nullptr;
  Worker* next_made = nullptr;
  bool quiet = false;  // what it shares wakes nobody
  std::atomic<bool> of_pool{false};

  alignas(CACHE_LINE_BYTES) std::atomic<std::uint32_t> followers{
      0};  // threads asleep until this one shares or finishes
  std::atomic<std::uint32_t> event{0};
  Tally tally;

 private:
  bool push_slowly(Task& task);
  void share(std::int32_t end);
  bool wait_for(Task& task);

  // The owner's.
  alignas(CACHE_LINE_BYTES) std::int32_t head_ = 0;
  std::int32_t split_ = 0;
  // The thieves' too.
  alignas(CACHE_LINE_BYTES) std::atomic<std::uint64_t> word_{0};
  std::atomic<std::int32_t> limit_{0};
  std::atomic<std::int32_t> floor_{0};
  alignas(CACHE_LINE_BYTES) std::array<std::atomic<Task*>, CAPACITY> slots_{};
};

// This thread's place; a stand-in that refuses every push until the thread first shares work.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local Worker* current;

// Idle threads that sleep, and whether one of them wakes up by itself, every DOZE_NS, to look for shared work. It does
// so for a while after there was some; later all sleep until they are woken.
extern constinit std::atomic<std::uint32_t> sleepers;
extern constinit std::atomic<bool> one_dozes;

[[nodiscard]] inline bool dozing() noexcept { return one_dozes.load(); }

// Wakes one idle thread, unless none sleeps or one is on its way.
void wake_one() noexcept;

// Whether this thread begins something while others sleep.
[[nodiscard]] inline bool rested() noexcept {
  return sleepers.load(std::memory_order_relaxed) != 0 && current->generation != 0 && current->head() == 0;
}

// This thread's place, made if need be. nullptr where there is no room for more.
[[nodiscard]] Worker* enrolled();

}  // namespace assay::pool
