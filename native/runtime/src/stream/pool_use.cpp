// What the pool did during a launch. Asking the pool takes a lock and a reading of the clock, so it is asked only where
// it did something: a launch that shared no work was its caller's alone, and where nobody shared work since this
// thread asked last, the answer is still the same.
#include "assay/runtime/launch.h"
#include "assay/runtime/pool.h"
#include "assay/runtime/pool/worker.h"

namespace assay::counters {
namespace {

// Counts the launches, of any thread, that shared work.
constinit std::atomic<std::int64_t> shared_launches{0};

struct Asked {
  PoolMark mark;
  std::int64_t shared_launches;
};

[[gnu::tls_model("initial-exec")]] constinit thread_local Asked asked{.mark = {}, .shared_launches = -1};

std::int64_t shares_of(const pool::Worker& worker) noexcept {
  return worker.tally.shared.load(std::memory_order_relaxed);
}

std::int64_t ask() noexcept {
  try {
    const PoolTime time = pool_time();
    return time.busy_ns - time.waited_ns;
  } catch (const std::exception&) {
    return UNKNOWN_NS;
  }
}

}  // namespace

PoolMark pool_now() noexcept {
  const pool::Worker& worker = *pool::current;
  const std::int64_t shares = shares_of(worker);
  const std::int64_t launches = shared_launches.load(std::memory_order_relaxed);
  if (asked.mark.worker != &worker || asked.mark.shares != shares || asked.shared_launches != launches) [[unlikely]] {
    asked = {.mark = {.worker = &worker, .shares = shares, .at_ns = ask()}, .shared_launches = launches};
  }
  return asked.mark;
}

std::int64_t pool_since(const PoolMark& mark) noexcept {
  const pool::Worker& worker = *pool::current;
  const std::int64_t shares = shares_of(worker);
  if (mark.worker == &worker && mark.shares == shares) [[likely]] {
    return 0;
  }
  const std::int64_t now_ns = ask();
  const std::int64_t launches = shared_launches.fetch_add(1, std::memory_order_relaxed) + 1;
  asked = {.mark = {.worker = &worker, .shares = shares, .at_ns = now_ns}, .shared_launches = launches};
  // A thread that took its seat in the pool during the launch had none whose waiting could be compared.
  const bool known = mark.worker == &worker && now_ns != UNKNOWN_NS && mark.at_ns != UNKNOWN_NS;
  return known ? now_ns - mark.at_ns : UNKNOWN_NS;
}

}  // namespace assay::counters
