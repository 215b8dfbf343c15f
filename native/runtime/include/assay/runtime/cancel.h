// A request to stop, seen by the loops, groups and graphs that were given it.
#pragma once

#include <atomic>

namespace assay {

class Cancellation {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace assay
