// One row per launch, in a ring a thread: written without a lock, drained by anybody.
#pragma once

#include <cstdint>
#include <vector>

#include "assay/runtime/launch.h"

namespace assay {

// Begins to keep launches: at most `rows_per_thread` that were not drained, above which they are counted as dropped.
// Whatever was kept before is forgotten. Throws Error when counters are on already.
void start_counters(std::int64_t rows_per_thread);

// Launches that end after this are not kept.
void stop_counters() noexcept;

// Columns of equal length, each thread's launches in the order of their ends. Times are CLOCK_MONOTONIC.
struct LaunchColumns {
  std::vector<const char*> names;  // distinct
  std::vector<std::int32_t> name;  // index into `names`
  std::vector<std::int32_t> kind;  // a LaunchKind
  std::vector<std::int32_t> stream;
  std::vector<std::int32_t> thread;  // as the kernel numbers it
  std::vector<std::int64_t> start_ns;
  std::vector<std::int64_t> end_ns;
  std::vector<std::int64_t> flops;
  std::vector<std::int64_t> bytes_read;
  std::vector<std::int64_t> bytes_written;
  std::vector<std::int64_t> tier_bytes;  // between the tiers of memory while it ran
  std::vector<double> occupancy;         // busy time of the workers / (workers * time); not-a-number where not counted
  std::int64_t dropped = 0;              // since the counters were started
};

// Takes what the rings hold now. May be called while launches go on.
[[nodiscard]] LaunchColumns drain_counters();

}  // namespace assay
