#include "assay/core/clock.h"

#include <algorithm>
#include <array>
#include <ctime>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "assay/core/cpu.h"

namespace assay {
namespace {

constexpr std::int64_t NS_PER_S = 1'000'000'000;

std::int64_t to_ns(const timespec& time) noexcept { return std::int64_t{time.tv_sec} * NS_PER_S + time.tv_nsec; }

// Median over blocks, so that a context switch in one of them doesn't count.
double read_cost_ns() noexcept {
  constexpr int READS_PER_BLOCK = 64;
  std::array<double, 33> blocks{};
  for (double& block : blocks) {
    const std::int64_t start = monotonic_ns();
    for (int i = 1; i < READS_PER_BLOCK; ++i) {
      static_cast<void>(monotonic_ns());
    }
    block = static_cast<double>(monotonic_ns() - start) / READS_PER_BLOCK;
  }
  auto* const middle = blocks.begin() + blocks.size() / 2;
  std::nth_element(blocks.begin(), middle, blocks.end());
  return *middle;
}

#if defined(__x86_64__)

// One instant on both clocks; `uncertainty_ns` is how long the pair of readings took.
struct Anchor {
  std::int64_t at_ns;
  std::uint64_t ticks;
  std::int64_t uncertainty_ns;
};

// The tightest of a few attempts.
Anchor anchor() noexcept {
  Anchor best{.at_ns = 0, .ticks = 0, .uncertainty_ns = NS_PER_S};
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::int64_t before = monotonic_ns();
    const std::uint64_t ticks = __rdtsc();
    const std::int64_t after = monotonic_ns();
    if (after - before < best.uncertainty_ns) {
      best = {.at_ns = before + (after - before) / 2, .ticks = ticks, .uncertainty_ns = after - before};
    }
  }
  return best;
}

void calibrate_tsc(ClockFacts& facts, std::int64_t window_ns) noexcept {
  const Anchor first = anchor();
  const timespec pause{.tv_sec = window_ns / NS_PER_S, .tv_nsec = window_ns % NS_PER_S};
  nanosleep(&pause, nullptr);
  const Anchor last = anchor();
  const auto elapsed_ns = static_cast<double>(last.at_ns - first.at_ns);
  const auto uncertain_ns = static_cast<double>(first.uncertainty_ns + last.uncertainty_ns) / 2;
  facts.tsc_hz = static_cast<double>(last.ticks - first.ticks) * NS_PER_S / elapsed_ns;
  facts.tsc_error_ppm = uncertain_ns / elapsed_ns * 1e6;
}

#endif

}  // namespace

std::int64_t monotonic_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return to_ns(now);
}

ClockFacts measure_clock(std::int64_t window_ns) {
  timespec resolution{};
  clock_getres(CLOCK_MONOTONIC, &resolution);
  ClockFacts facts{.resolution_ns = to_ns(resolution),
                   .read_ns = read_cost_ns(),
                   .tsc_invariant = has_invariant_tsc(),
                   .tsc_hz = std::nullopt,
                   .tsc_error_ppm = std::nullopt};
#if defined(__x86_64__)
  calibrate_tsc(facts, std::max(window_ns, std::int64_t{1'000}));
#endif
  return facts;
}

}  // namespace assay
