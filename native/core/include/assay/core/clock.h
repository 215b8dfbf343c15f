// The one clock of every span, and how good it is here.
#pragma once

#include <cstdint>
#include <optional>

namespace assay {

// CLOCK_MONOTONIC, the clock of Python's time.perf_counter_ns.
[[nodiscard]] std::int64_t monotonic_ns() noexcept;

struct ClockFacts {
  std::int64_t resolution_ns;           // as the kernel states it
  double read_ns;                       // median cost of one reading
  bool tsc_invariant;                   // whether the counter below may be used for timing
  std::optional<double> tsc_hz;         // rate of the time-stamp counter; none where there is none
  std::optional<double> tsc_error_ppm;  // half-width of what the calibration can't tell apart
};

// Measures for about `window_ns`; a longer window gives a smaller tsc_error_ppm.
[[nodiscard]] ClockFacts measure_clock(std::int64_t window_ns);

}  // namespace assay
