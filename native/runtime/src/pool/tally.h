// Keeping a worker's times.
#pragma once

#include "assay/core/clock.h"
#include "assay/runtime/pool/worker.h"

namespace assay::pool {

inline void add(std::atomic<std::int64_t>& to, std::int64_t amount) noexcept {
  to.store(to.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
}

// Ends what the worker did since the last turn, as busy or idle time, and begins the other.
inline void turn(Tally& tally, bool busy_from_now) noexcept {
  const std::int64_t now_ns = monotonic_ns();
  std::atomic<std::int64_t>& past = tally.busy.load(std::memory_order_relaxed) ? tally.busy_ns : tally.idle_ns;
  const std::int64_t spent_ns = now_ns - tally.since_ns.load(std::memory_order_relaxed);
  const std::uint32_t turns = tally.turns.load(std::memory_order_relaxed);
  tally.turns.store(turns + 1, std::memory_order_relaxed);
  past.store(past.load(std::memory_order_relaxed) + spent_ns, std::memory_order_release);
  tally.busy.store(busy_from_now, std::memory_order_release);
  tally.since_ns.store(now_ns, std::memory_order_release);
  tally.turns.store(turns + 2, std::memory_order_release);
}

}  // namespace assay::pool
