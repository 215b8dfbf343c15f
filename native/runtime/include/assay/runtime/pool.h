// The pool itself: what its workers did. How many there are is workers() in parallel.h.
//
// There is one pool a process. Its threads start at the first work that is shared, sleep while there is none, and stay
// until the process ends. A fork leaves the child without them; they start again at its first shared work. Where the
// environment variable ASSAY_PIN is 1, each thread is bound to one of the processors that the process may use.
#pragma once

#include <cstdint>
#include <vector>

namespace assay {

struct WorkerCounters {
  bool of_pool;          // a thread of the pool, or one that called into it
  std::int64_t tasks;    // taken from others and run
  std::int64_t shares;   // times it made work public
  std::int64_t busy_ns;  // running what it took; what a calling thread does of its own is not counted
  std::int64_t idle_ns;  // of_pool: looking for work and sleeping; else: waiting for others to finish its work
};

// Of every thread that takes part now, as of now.
[[nodiscard]] std::vector<WorkerCounters> worker_counters();

// The same in sum. Over an interval in which one thread called, the time all workers were busy is
// busy_ns + (interval - waited_ns), of workers() times the interval.
struct PoolTime {
  std::int64_t busy_ns;    // of the pool's threads
  std::int64_t waited_ns;  // of the calling thread
};

// Costs a reading of the clock and a few words a worker.
[[nodiscard]] PoolTime pool_time() noexcept;

}  // namespace assay
