// What is known of one launch, and the scope that measures it where counters are on.
//
//   const LaunchScope scope(stream, "gemm_f32", {.flops = 2 * m * n * k, .bytes_read = …, .bytes_written = …});
//
// Off, a scope is one branch on a flag that is there anyhow; no clock is read.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "assay/runtime/stream/device.h"

namespace assay {

// Arithmetic and traffic that the operation can't do without: each operand once, whatever the caches do.
struct Work {
  std::int64_t flops = 0;
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;
};

enum class LaunchKind : std::int32_t {
  kernel,
  step,  // from one step marker of a graph to the next, or to the end of the graph
};

// One row of the counters. Times are in ticks of the device.
struct Launch {
  const char* name;  // lives as long as the process
  std::int64_t start_ticks;
  std::int64_t end_ticks;
  Work work;
  std::int64_t pool_ns;  // busy time of the pool's workers less the caller's waiting for them; UNKNOWN_NS where unknown
  std::int64_t tier_bytes;  // that moved between the tiers of memory meanwhile, whoever moved them
  std::int32_t stream;
  LaunchKind kind;
};

namespace counters {

extern std::atomic<bool> on;

inline constexpr std::int64_t UNKNOWN_NS = std::numeric_limits<std::int64_t>::min();

// What the pool had done for the calling thread at an instant.
struct PoolMark {
  const void* worker;
  std::int64_t shares;  // times the thread made work public: unchanged, the pool did nothing for it
  std::int64_t at_ns;
};

[[nodiscard]] PoolMark pool_now() noexcept;
[[nodiscard]] std::int64_t pool_since(const PoolMark& mark) noexcept;

// Keeps the row in the calling thread's ring, or counts it as dropped where that is full.
void keep(const Launch& launch) noexcept;

}  // namespace counters

[[nodiscard]] inline bool counting() noexcept { return counters::on.load(std::memory_order_relaxed); }

class LaunchScope {
 public:
  // Measures nothing.
  LaunchScope() noexcept { launch_.name = nullptr; }

  // `name` lives as long as the process.
  LaunchScope(std::int32_t stream, const char* name, const Work& work, LaunchKind kind = LaunchKind::kernel) noexcept {
    launch_.name = nullptr;
    if (counting()) [[unlikely]] {
      begin(stream, name, work, kind);
    }
  }

  ~LaunchScope() {
    if (launch_.name != nullptr) [[unlikely]] {
      finish();
    }
  }

  LaunchScope(const LaunchScope&) = delete;
  LaunchScope& operator=(const LaunchScope&) = delete;

 private:
  void begin(std::int32_t stream, const char* name, const Work& work, LaunchKind kind) noexcept;
  void finish() noexcept;

  // The rest of the row is written where counters are on only.
  Launch launch_;
  counters::PoolMark pool_;
};

}  // namespace assay
