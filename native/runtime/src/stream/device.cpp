#include "assay/runtime/stream/device.h"

#include <limits>

#include "assay/core/cpu.h"

namespace assay {

namespace device {

const bool counts_ticks = has_invariant_tsc();

}  // namespace device

DeviceAnchor device_anchor() noexcept {
  DeviceAnchor best{.at_ns = 0, .ticks = 0, .apart_ns = std::numeric_limits<std::int64_t>::max()};
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::int64_t before = monotonic_ns();
    const std::int64_t ticks = device_ticks();
    const std::int64_t after = monotonic_ns();
    if (after - before < best.apart_ns) {
      best = {.at_ns = before + (after - before) / 2, .ticks = ticks, .apart_ns = after - before};
    }
  }
  return best;
}

namespace {

const DeviceAnchor at_load = device_anchor();

constexpr std::int64_t SHORTEST_NS = 2'000'000;  // a shorter base would make the rate worse than 20 ppm

}  // namespace

DeviceClock DeviceClock::until_now() noexcept {
  DeviceAnchor now = device_anchor();
  while (now.at_ns - at_load.at_ns < SHORTEST_NS) {
    now = device_anchor();
  }
  DeviceClock clock;
  clock.first_ns_ = at_load.at_ns;
  clock.first_ticks_ = at_load.ticks;
  clock.ns_per_tick_ = static_cast<double>(now.at_ns - at_load.at_ns) / static_cast<double>(now.ticks - at_load.ticks);
  clock.error_ns_ = static_cast<double>(at_load.apart_ns + now.apart_ns) / 2;
  return clock;
}

}  // namespace assay
