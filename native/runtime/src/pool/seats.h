// Who takes part: the threads of the pool and those that called into it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "assay/runtime/pool/worker.h"

namespace assay::pool {

inline constexpr std::uint32_t MOST_SEATS = 4096;

// Everything here stays valid until the process ends, and has nothing to destroy: workers may sleep, or look for
// work, while the process exits around them.
struct Seats {
  std::atomic<Worker*> workers[MOST_SEATS]{};
  std::atomic<std::uint32_t> count{0};  // seats that were ever taken; a free one is nullptr

  // Idle threads. `epoch` is what they sleep on; while `waking`, one of them is on its way and wakes the next.
  alignas(CACHE_LINE_BYTES) std::atomic<std::uint32_t> epoch{0};
  std::atomic<std::uint32_t> waking{0};

  // Taking and leaving a seat, starting threads, and fork exclude each other.
  alignas(CACHE_LINE_BYTES) std::mutex door;
  Worker* free = nullptr;
  Worker* made = nullptr;                    // all, chained, so that they stay reachable
  std::atomic<std::uint32_t> generation{1};  // 0 is for workers that are nobody's
  std::atomic<bool> started{false};
  bool forks_watched = false;
};

extern constinit Seats seats;

// A worker with a seat; the door is held. nullptr where all seats are taken.
[[nodiscard]] Worker* take_seat();

// Makes a fork, from now on, wait for the door and leave the child without threads but with seats in order.
// The door is held.
void watch_forks();

// Steals for `me` until the process ends.
[[noreturn]] void serve(Worker& me) noexcept;

}  // namespace assay::pool
