// The device: its clock. How many workers it has is workers() in parallel.h.
//
// A reading is in ticks of the processor's time-stamp counter where that runs evenly, which takes a third of the time
// that CLOCK_MONOTONIC does; else ticks are nanoseconds of that clock.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "assay/core/clock.h"

namespace assay {

namespace device {

// Whether ticks are those of the time-stamp counter. Decided at load.
extern const bool counts_ticks;

}  // namespace device

[[nodiscard]] inline std::int64_t device_ticks() noexcept {
#if defined(__x86_64__)
  if (device::counts_ticks) [[likely]] {
    return static_cast<std::int64_t>(__rdtsc());
  }
#endif
  return monotonic_ns();
}

// One instant on both clocks.
struct DeviceAnchor {
  std::int64_t at_ns;
  std::int64_t ticks;
  std::int64_t apart_ns;  // how long the pair of readings took
};

// Now, by the tightest of a few attempts.
[[nodiscard]] DeviceAnchor device_anchor() noexcept;

// Turns ticks into CLOCK_MONOTONIC: exact at two instants, linear between and around them.
class DeviceClock {
 public:
  // Between the load of the core and now.
  [[nodiscard]] static DeviceClock until_now() noexcept;

  [[nodiscard]] std::int64_t to_ns(std::int64_t ticks) const noexcept {
    return first_ns_ + span_ns(ticks - first_ticks_);
  }

  [[nodiscard]] std::int64_t span_ns(std::int64_t ticks) const noexcept {
    return static_cast<std::int64_t>(static_cast<double>(ticks) * ns_per_tick_);
  }

  // Half of what the pairs of readings at the two instants can't tell apart.
  [[nodiscard]] double error_ns() const noexcept { return error_ns_; }

 private:
  std::int64_t first_ns_ = 0;
  std::int64_t first_ticks_ = 0;
  double ns_per_tick_ = 1.0;
  double error_ns_ = 0.0;
};

}  // namespace assay
