#include "assay/core/clock.h"

#include <doctest/doctest.h>

#include <chrono>

namespace assay {
namespace {

TEST_CASE("the clock is the one of std::chrono::steady_clock and never goes back") {
  const auto steady_ns = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
  const std::int64_t before = steady_ns();
  const std::int64_t now = monotonic_ns();
  CHECK(before <= now);
  CHECK(now <= steady_ns());
}

TEST_CASE("the facts are plausible, and the counter's rate survives a longer look") {
  const ClockFacts quick = measure_clock(2'000'000);
  CHECK(quick.resolution_ns >= 1);
  CHECK(quick.read_ns > 0);
  CHECK(quick.tsc_hz.has_value() == quick.tsc_error_ppm.has_value());
  if (!quick.tsc_invariant || !quick.tsc_hz.has_value()) {
    MESSAGE("skipped the calibration: no invariant time-stamp counter here");
    return;
  }
  const ClockFacts careful = measure_clock(20'000'000);
  // Twice both errors: the anchors may lie anywhere in their windows.
  const double tolerance = 2e-6 * (*quick.tsc_error_ppm + *careful.tsc_error_ppm);
  CHECK(*quick.tsc_hz == doctest::Approx(*careful.tsc_hz).epsilon(tolerance));
}

}  // namespace
}  // namespace assay
