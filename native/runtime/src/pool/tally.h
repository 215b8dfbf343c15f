// Keeping a worker's times.
#pragma once

#include "assay/core/clock.h"
#include "assay/runtime/pool/worker.h"

namespace assay::pool {

inline void add(std::atomic<std::int64_t>& to, std::int64_t amount) noexcept {
  to.store(to.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

// Ends what the worker did since the last turn, as busy or idle time, and begins the other. Returns the time.
inline std::int64_t turn(Tally& tally, bool busy_from_now) noexcept {
  const std::int64_t now_ns = monotonic_ns();
  const bool was_busy = tally.busy.load(std::memory_order_relaxed);
  add(was_busy ? tally.busy_ns : tally.idle_ns, now_ns - tally.since_ns.load(std::memory_order_relaxed));
  tally.busy.store(busy_from_now, std::memory_order_relaxed);
  tally.since_ns.store(now_ns, std::memory_order_relaxed);
  return now_ns;
}

}  // namespace assay::pool
