// Ticks of a recording as CLOCK_MONOTONIC: exact at anchors that are taken while it goes on, linear between them.
//
// What was mapped once stays where it is, so that events of different drains keep their order.
#pragma once

#include <cstdint>
#include <vector>

#include "assay/runtime/stream/device.h"

namespace assay::trace {

class Ticks {
 public:
  Ticks();

  // Takes another anchor, unless the last one was taken just now.
  void extend();
  void extend(const DeviceAnchor& now);

  [[nodiscard]] std::int64_t to_ns(std::int64_t ticks) const noexcept;
  [[nodiscard]] double error_ns() const noexcept { return error_ns_; }

 private:
  // From here on, at this rate.
  struct Piece {
    std::int64_t ticks;
    std::int64_t at_ns;
    double ns_per_tick;
  };

  std::vector<Piece> pieces_;
  DeviceAnchor last_;
  double error_ns_;
};

}  // namespace assay::trace
