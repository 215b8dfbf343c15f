// Loops over the pool of workers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "assay/runtime/cancel.h"
#include "assay/runtime/spawn.h"

namespace assay {

// How many workers a loop is shared by, the caller included: the processors this process may use (affinity, cgroup
// quota), at least 1. The environment variable ASSAY_THREADS overrides. Decided at the first call.
[[nodiscard]] std::int64_t workers();

namespace pool {

template <class Body>
struct Loop {
  Body& body;
  const std::int64_t grain;
  Cancellation& stop;

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
      pool::Loop<std::remove_reference_t<Body>>{body, least, stop}.run(0, count);
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
