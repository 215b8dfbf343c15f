#include "ticks.h"

#include <algorithm>

namespace assay::trace {

namespace {

// A shorter base would make the rate worse than 2 ppm.
constexpr std::int64_t SHORTEST_NS = 20'000'000;
// An hour at two a second; then the oldest give way, since their events were drained.
constexpr std::size_t MOST_PIECES = 8192;

}  // namespace

Ticks::Ticks() : last_(device_anchor()), error_ns_(static_cast<double>(last_.apart_ns) / 2) {
  const DeviceClock clock = DeviceClock::until_now();
  const double ns_per_tick = static_cast<double>(clock.to_ns(last_.ticks + 1'000'000'000) - clock.to_ns(last_.ticks));
  pieces_.push_back({.ticks = last_.ticks, .at_ns = last_.at_ns, .ns_per_tick = ns_per_tick / 1e9});
}

void Ticks::extend() { extend(device_anchor()); }

// The rate that held between the two anchors becomes the rate from here on, corrected so that the line meets the clock
// again one base later: nothing that was mapped before moves, and errors don't add up.
void Ticks::extend(const DeviceAnchor& now) {
  if (now.at_ns - last_.at_ns < SHORTEST_NS) {
    return;
  }
  const auto base_ticks = static_cast<double>(now.ticks - last_.ticks);
  const std::int64_t mapped_ns = to_ns(now.ticks);
  const double rate = static_cast<double>(now.at_ns - last_.at_ns) / base_ticks;
  const double correction = static_cast<double>(now.at_ns - mapped_ns) / base_ticks;
  pieces_.push_back({.ticks = now.ticks, .at_ns = mapped_ns, .ns_per_tick = rate + correction});
  if (pieces_.size() > MOST_PIECES) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + MOST_PIECES / 2);
  }
  error_ns_ = std::max(error_ns_, std::abs(static_cast<double>(now.at_ns - mapped_ns)));
  error_ns_ = std::max(error_ns_, static_cast<double>(now.apart_ns) / 2);
  last_ = now;
}

std::int64_t Ticks::to_ns(std::int64_t ticks) const noexcept {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), ticks,
                                      [](std::int64_t value, const Piece& piece) { return value < piece.ticks; });
  const Piece& piece = after == pieces_.begin() ? pieces_.front() : *(after - 1);
  return piece.at_ns + static_cast<std::int64_t>(static_cast<double>(ticks - piece.ticks) * piece.ns_per_tick);
}

}  // namespace assay::trace
