// Loops over the pool of workers.
#pragma once

#include <cstdint>
#include <type_traits>

namespace assay {

// How many workers a loop is shared by, the caller included: the processors this process may use (affinity, cgroup
// quota), at least 1. The environment variable ASSAY_THREADS overrides. Decided at the first call.
[[nodiscard]] std::int64_t workers();

namespace pool {

using RangeBody = void (*)(void* context, std::int64_t begin, std::int64_t end);

void run_range(std::int64_t count, std::int64_t grain, RangeBody body, void* context);

}  // namespace pool

// Calls body(begin, end) for pieces that cover [0, count) once each, all but one of at least `grain` (at least 1)
// indices. Returns when all are done. May be nested. The first exception is thrown again here, after which pieces that
// have not begun are left out. One piece, in the caller, where count <= grain or there is one worker.
template <class Body>
void parallel_for(std::int64_t count, std::int64_t grain, Body&& body) {
  if (count <= 0) {
    return;
  }
  if (count <= grain || workers() == 1) {
    body(std::int64_t{0}, count);
    return;
  }
  using Plain = std::remove_reference_t<Body>;
  pool::run_range(
      count, grain,
      [](void* context, std::int64_t begin, std::int64_t end) { (*static_cast<Plain*>(context))(begin, end); },
      const_cast<void*>(static_cast<const void*>(&body)));
}

}  // namespace assay
