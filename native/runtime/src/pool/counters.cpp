#include <algorithm>

#include "assay/core/clock.h"
#include "assay/runtime/pool.h"
#include "seats.h"

namespace assay {
namespace {

std::int64_t of(const std::atomic<std::int64_t>& count) noexcept { return count.load(std::memory_order_acquire); }

struct Times {
  std::int64_t busy_ns;
  std::int64_t idle_ns;
};

// What has been going on since the last turn counts too: a thread of the pool may stay busy, or asleep, for long.
Times times_of(const pool::Tally& tally, bool of_pool) noexcept {
  for (;;) {
    const std::uint32_t turns = tally.turns.load(std::memory_order_acquire);
    Times times{.busy_ns = of(tally.busy_ns), .idle_ns = of(tally.idle_ns)};
    const std::int64_t since_ns = of(tally.since_ns);
    const bool busy = tally.busy.load(std::memory_order_acquire);
    if (turns % 2 != 0 || tally.turns.load(std::memory_order_acquire) != turns) {
      continue;
    }
    if (of_pool && since_ns != 0) {
      (busy ? times.busy_ns : times.idle_ns) += std::max(monotonic_ns() - since_ns, std::int64_t{0});
    }
    return times;
  }
}

WorkerCounters read(const pool::Worker& worker) noexcept {
  const bool of_pool = worker.of_pool.load(std::memory_order_relaxed);
  const Times times = times_of(worker.tally, of_pool);
  return {.of_pool = of_pool,
          .tasks = of(worker.tally.steals),
          .shares = of(worker.tally.shared),
          .busy_ns = times.busy_ns,
          .idle_ns = times.idle_ns};
}

// Without a lock: workers are never freed, and one that leaves its seat meanwhile has still to be counted or not.
template <class Use>
void for_each_worker(Use use) {
  const std::uint32_t count = pool::seats.count.load(std::memory_order_acquire);
  for (std::uint32_t seat = 0; seat < count; ++seat) {
    if (const pool::Worker* const worker = pool::seats.workers[seat].load(std::memory_order_acquire)) {
      use(read(*worker));
    }
  }
}

}  // namespace

std::vector<WorkerCounters> worker_counters() {
  std::vector<WorkerCounters> counters;
  for_each_worker([&](const WorkerCounters& worker) { counters.push_back(worker); });
  return counters;
}

PoolTime pool_time() noexcept {
  PoolTime time{.busy_ns = 0, .waited_ns = of(pool::current->tally.idle_ns)};
  for_each_worker([&](const WorkerCounters& worker) { time.busy_ns += worker.of_pool ? worker.busy_ns : 0; });
  return time;
}

}  // namespace assay
