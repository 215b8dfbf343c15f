#include "trace/ticks.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

namespace assay::trace {
namespace {

TEST_CASE("what was mapped once does not move, and order stays") {
  Ticks ticks;
  const DeviceAnchor now = device_anchor();
  const std::int64_t before = ticks.to_ns(now.ticks);
  CHECK(std::abs(before - now.at_ns) < 200'000);
  // a clock that is slewed: each second it runs 1 in 10,000 faster than the counter
  const double ns_per_tick = static_cast<double>(DeviceClock::until_now().span_ns(1'000'000'000)) / 1e9;
  const auto second_ticks = static_cast<std::int64_t>(1e9 / ns_per_tick);
  DeviceAnchor anchor = now;
  std::int64_t last_ns = before;
  for (int i = 1; i <= 20; ++i) {
    anchor.ticks += second_ticks;
    anchor.at_ns += 1'000'100'000;
    const std::int64_t early = ticks.to_ns(anchor.ticks);
    ticks.extend(anchor);
    CHECK(ticks.to_ns(anchor.ticks) == early);
    CHECK(ticks.to_ns(anchor.ticks + 1) >= early);
    CHECK(ticks.to_ns(anchor.ticks) > last_ns);
    last_ns = ticks.to_ns(anchor.ticks);
  }
  CHECK(ticks.to_ns(now.ticks) == before);
  CHECK(std::abs(ticks.to_ns(anchor.ticks) - anchor.at_ns) < 1'000);
}

TEST_CASE("anchors too close to one another are passed over") {
  Ticks ticks;
  const DeviceAnchor now = device_anchor();
  const std::int64_t mapped = ticks.to_ns(now.ticks + 1'000'000);
  ticks.extend({.at_ns = now.at_ns + 100, .ticks = now.ticks + 500'000, .apart_ns = 10});
  CHECK(ticks.to_ns(now.ticks + 1'000'000) == mapped);
}

}  // namespace
}  // namespace assay::trace
