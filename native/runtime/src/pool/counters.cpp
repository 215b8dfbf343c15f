#include "assay/core/clock.h"
#include "assay/runtime/pool.h"
#include "seats.h"

namespace assay {
namespace {

std::int64_t of(const std::atomic<std::int64_t>& count) noexcept { return count.load(std::memory_order_relaxed); }

// What has been going on since the last turn counts too: workers may stay busy, or asleep, for long.
WorkerCounters read(const pool::Worker& worker, std::int64_t now_ns) noexcept {
  const pool::Tally& tally = worker.tally;
  const bool busy = tally.busy.load(std::memory_order_relaxed);
  const std::int64_t open_ns = worker.of_pool ? std::max(now_ns - of(tally.since_ns), std::int64_t{0}) : 0;
  return {.of_pool = worker.of_pool,
          .tasks = of(tally.steals),
          .shares = of(tally.shared),
          .busy_ns = of(tally.busy_ns) + (busy ? open_ns : 0),
          .idle_ns = of(tally.idle_ns) + (busy ? 0 : open_ns)};
}

}  // namespace

std::vector<WorkerCounters> worker_counters() {
  std::vector<WorkerCounters> counters;
  const std::lock_guard hold(pool::seats.door);
  const std::int64_t now_ns = monotonic_ns();
  for (std::uint32_t seat = 0; seat < pool::seats.count; ++seat) {
    if (const pool::Worker* const worker = pool::seats.workers[seat]) {
      counters.push_back(read(*worker, now_ns));
    }
  }
  return counters;
}

PoolTime pool_time() {
  PoolTime time{.busy_ns = 0, .waited_ns = of(pool::current->tally.idle_ns)};
  for (const WorkerCounters& worker : worker_counters()) {
    time.busy_ns += worker.of_pool ? worker.busy_ns : 0;
  }
  return time;
}

}  // namespace assay
