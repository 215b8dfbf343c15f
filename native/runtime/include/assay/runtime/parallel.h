// Loops over the pool of workers.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "assay/core/clock.h"
#include "assay/runtime/cancel.h"
#include "assay/runtime/spawn.h"

namespace assay {

// How many workers a loop is shared by, the caller included: the processors this process may use (affinity, cgroup
// quota), at least 1. The environment variable ASSAY_THREADS overrides. Decided at the first call.
[[nodiscard]] std::int64_t workers();

// The same, whatever Alone says.
[[nodiscard]] std::int64_t all_workers();

// While it lives, its thread shares loops with nobody: workers() is 1 there. For pieces of work that were divided
// already among as many threads as the caller allows.
class Alone {
 public:
  Alone() noexcept;
  ~Alone();
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  const bool before_;
};

namespace pool {

// Waking a sleeper costs its waker about 5 us, and the sleeper some 20 us to come: more than a short loop takes alone.
// So a loop that finds others asleep first runs a few pieces, for at most ALONE_TICKS (about 3 us), if its pieces are
// known to be brief. What is left lies open meanwhile, and one sleeper looks about now and then (see one_dozes), so
// that pieces which turn out long, or wait for each other, don't stay alone.
#if defined(__x86_64__)
inline constexpr std::int64_t ALONE_TICKS = 8'000;
[[nodiscard]] inline std::int64_t ticks() noexcept { return static_cast<std::int64_t>(__builtin_ia32_rdtsc()); }
#else
inline constexpr std::int64_t ALONE_TICKS = 3'000;
[[nodiscard]] inline std::int64_t ticks() noexcept { return monotonic_ns(); }
#endif

// How long the pieces of one kind of loop take. Rises at once, falls slowly.
class Habit {
 public:
  [[nodiscard]] bool brief() const noexcept { return longest_.load(std::memory_order_relaxed) < ALONE_TICKS / 2; }

  void learn(std::int64_t piece_ticks) noexcept {
    const std::int64_t before = longest_.load(std::memory_order_relaxed);
    const std::int64_t faded = before == UNKNOWN ? 0 : before - before / 4;
    longest_.store(std::max(piece_ticks, faded), std::memory_order_relaxed);
  }

 private:
  static constexpr std::int64_t UNKNOWN = std::numeric_limits<std::int64_t>::max();

  std::atomic<std::int64_t> longest_{UNKNOWN};
};

template <class Body>
struct Loop {
  Body& body;
  const std::int64_t grain;
  Cancellation& stop;

  static inline constinit Habit habit{};

  // Stops the pieces that have not begun, unless the scope ends as it should.
  struct Guard {
    Cancellation& stop;
    bool armed = true;
    ~Guard() {
      if (armed) {
        stop.request();
      }
    }
  };

  // Runs pieces from the left and, whenever another worker is in want, leaves the right half of the rest to it.
  void run(std::int64_t begin, std::int64_t end) {
    while (end - begin >= 2 * grain) {
      if (current->wanted()) [[unlikely]] {
        return split(begin, end);
      }
      if (stop.requested()) [[unlikely]] {
        return;
      }
      body(begin, begin + grain);
      begin += grain;
    }
    if (!stop.requested()) {
      body(begin, end);
    }
  }

  [[gnu::noinline]] void split(std::int64_t begin, std::int64_t end) {
    const std::int64_t middle = begin + (end - begin) / 2;
    auto right = spawn([this, middle, end] {
      Guard guard{stop};
      run(middle, end);
      guard.armed = false;
    });
    Guard guard{stop};
    run(begin, middle);
    guard.armed = false;
    right.sync();
  }

  // For a loop that starts while others sleep: piece by piece, for a while.
  [[gnu::noinline]] void run_rested(std::int64_t begin, std::int64_t end, std::int64_t start, std::int64_t until) {
    const Worker* const starter = current;
    const bool quiet = habit.brief() && dozing();
    std::int64_t now = start;
    current->quiet = quiet;
    auto rest = spawn([&, from = begin + grain] {
      Guard guard{stop};
      if (current == starter && end - from >= 2 * grain && now < until) {
        run_rested(from, end, now, until);
      } else {
        run(from, end);
      }
      guard.armed = false;
    });
    current->quiet = false;
    if (quiet && !dozing()) {
      wake_one();  // it fell asleep meanwhile, maybe without a look at what was just shared
    }
    const std::int64_t body_start = quiet ? start : ticks();  // waking others is no part of it
    Guard guard{stop};
    if (!stop.requested()) {
      body(begin, begin + grain);
    }
    guard.armed = false;
    now = ticks();
    habit.learn(now - body_start);
    rest.sync();
  }

  void start(std::int64_t count) {
    if (rested()) [[unlikely]] {
      const std::int64_t now = ticks();
      run_rested(0, count, now, now + ALONE_TICKS);
    } else {
      run(0, count);
    }
  }
};

}  // namespace pool

// Calls body(begin, end) for pieces that cover [0, count) once each, every one of at least `grain` (at least 1)
// indices. Returns when all are done; false when `stop` was requested before, which leaves out the pieces that have
// not begun. May be nested. The first exception is thrown again here, and also leaves out what has not begun; `stop` is
// then requested too. One piece, in the caller, where count < 2 * grain or there is one worker.
template <class Body>
bool parallel_for(std::int64_t count, std::int64_t grain, Body&& body, Cancellation& stop) {
  const std::int64_t least = std::max(grain, std::int64_t{1});
  if (count > 0 && !stop.requested()) {
    if (count < 2 * least || workers() == 1) {
      body(std::int64_t{0}, count);
    } else {
      pool::Loop<std::remove_reference_t<Body>>{body, least, stop}.start(count);
    }
  }
  return !stop.requested();
}

template <class Body>
void parallel_for(std::int64_t count, std::int64_t grain, Body&& body) {
  Cancellation stop;
  static_cast<void>(parallel_for(count, grain, body, stop));
}

}  // namespace assay
