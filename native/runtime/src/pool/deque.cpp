#include <algorithm>
#include <limits>

#include "assay/core/error.h"
#include "assay/runtime/pool/worker.h"
#include "futex.h"
#include "seats.h"
#include "tally.h"

namespace assay::pool {
namespace {

constexpr std::int32_t NEVER = std::numeric_limits<std::int32_t>::max();

// top and split in 16 bits each, then a version that changes whenever the owner moves the split. Without it a thief
// that was held up could take a slot that has been emptied and filled again.
constexpr std::uint64_t pack(std::int32_t top, std::int32_t split, std::uint64_t version) noexcept {
  return static_cast<std::uint64_t>(top) | (static_cast<std::uint64_t>(split) << 16U) | (version << 32U);
}
constexpr std::int32_t top_of(std::uint64_t word) noexcept { return static_cast<std::uint16_t>(word); }
constexpr std::int32_t split_of(std::uint64_t word) noexcept { return static_cast<std::uint16_t>(word >> 16U); }
constexpr std::uint64_t version_of(std::uint64_t word) noexcept { return word >> 32U; }
static_assert(Worker::CAPACITY < 1 << 16);

// Of no generation: the thief of tasks whose thief a fork lost.
constinit Worker lost;

constexpr std::size_t index(std::int32_t slot) noexcept { return static_cast<std::size_t>(slot); }

}  // namespace

bool Worker::has_public(std::uint64_t word) noexcept { return top_of(word) < split_of(word); }

void Worker::ask() noexcept {
  if (limit_.load(std::memory_order_relaxed) != 0) {
    limit_.store(0);
    floor_.store(NEVER);
  }
}

bool Worker::push_slowly(Task& task) {
  if (head_ == 0 || head_ >= CAPACITY) {
    Worker* const me = enrolled();
    if (me == nullptr || head_ >= CAPACITY) {
      return false;
    }
    if (me != this) {
      return me->push(task);
    }
  }
  slots_[index(head_)].store(&task, std::memory_order_relaxed);
  ++head_;
  share(split_ + (head_ - split_ + 1) / 2);
  return true;
}

// Makes [split, end) public. The flags are lowered first: a thief that asks meanwhile must not be overheard, and one
// that goes to sleep meanwhile is either seen by wake_one() or sees the tasks.
void Worker::share(std::int32_t end) {
  floor_.store(end, std::memory_order_relaxed);
  limit_.store(CAPACITY, std::memory_order_relaxed);
  std::uint64_t seen = word_.load(std::memory_order_relaxed);
  while (!word_.compare_exchange_weak(seen, pack(top_of(seen), end, version_of(seen) + 1))) {
  }
  split_ = end;
  add(tally.shared, 1);
  if (followers.load() != 0) {
    event.fetch_add(1);
    wake(event, NEVER);
  }
  if (!quiet) {
    wake_one();
  }
}

Task* Worker::steal(const Task* unless) noexcept {
  std::uint64_t seen = word_.load();
  if (!has_public(seen)) {
    ask();
    return nullptr;
  }
  Task* const task = slots_[index(top_of(seen))].load(std::memory_order_relaxed);
  if (unless != nullptr && unless->over(unless->state.load())) {
    return nullptr;
  }
  if (!word_.compare_exchange_strong(seen, pack(top_of(seen) + 1, split_of(seen), version_of(seen)))) {
    return nullptr;
  }
  if (top_of(seen) + 1 == split_of(seen)) {
    ask();
  }
  return task;
}

bool Worker::join_slowly(Task& task) {
  if (head_ == 0 || slots_[index(head_ - 1)].load(std::memory_order_relaxed) != &task) {
    return false;  // it could not be pushed, and has been run
  }
  const std::int32_t slot = head_ - 1;
  if (slot >= split_) {
    if (slot > split_) {
      share(split_ + (slot - split_ + 1) / 2);
    }
    head_ = slot;
    return true;
  }
  std::uint64_t seen = word_.load();
  while (top_of(seen) <= slot) {
    const std::int32_t kept = top_of(seen) + (slot - top_of(seen) + 1) / 2;
    if (word_.compare_exchange_weak(seen, pack(top_of(seen), kept, version_of(seen) + 1))) {
      head_ = slot;
      split_ = kept;
      floor_.store(kept, std::memory_order_relaxed);
      limit_.store(kept == top_of(seen) ? 0 : CAPACITY, std::memory_order_relaxed);
      return true;
    }
  }
  const bool over = wait_for(task);
  head_ = split_ = slot;
  word_.store(pack(slot, slot, version_of(word_.load()) + 1));
  floor_.store(slot, std::memory_order_relaxed);
  limit_.store(0, std::memory_order_relaxed);
  if (!over) {
    throw Error(ErrorKind::unavailable,
                "wait: the process forked inside a parallel region, and the thread that ran a part of it is not in the "
                "child; fork outside of parallel regions, or call exec in the child");
  }
  return false;
}

void Worker::execute(Task& task) noexcept {
  std::uintptr_t outcome = Task::DONE;
  try {
    task.run(task);
  } catch (...) {
    ::new (static_cast<void*>(task.failure)) std::exception_ptr(std::current_exception());
    outcome = Task::FAILED;
  }
  task.state.store(outcome);  // from here on the task may be gone
  if (followers.load() != 0) {
    event.fetch_add(1);
    wake(event, NEVER);
  }
}

void Worker::reset() noexcept {
  head_ = split_ = 0;
  word_.store(pack(0, 0, version_of(word_.load()) + 1));
  floor_.store(0);
  limit_.store(0);
  followers.store(0);
  of_pool.store(false);
  quiet = false;
  for (std::atomic<std::int64_t>* const count : {&tally.busy_ns, &tally.idle_ns, &tally.steals, &tally.shared}) {
    count->store(0);
  }
}

void Worker::abandon() noexcept {
  followers.store(0);
  limit_.store(0);
  for (std::int32_t slot = 0; slot < top_of(word_.load()); ++slot) {
    std::uintptr_t unsigned_yet = Task::WAITING;
    slots_[index(slot)].load()->state.compare_exchange_strong(unsigned_yet, reinterpret_cast<std::uintptr_t>(&lost));
  }
}

}  // namespace assay::pool
