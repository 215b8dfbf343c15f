#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "assay/core/error.h"
#include "assay/runtime/parallel.h"
#include "quota.h"

namespace assay {
namespace {

constexpr std::int64_t MOST_WORKERS = 1024;

std::int64_t allowed_processors() {
  // The kernel refuses a set smaller than its own, so the set grows until it fits.
  for (int processors = 1024; processors <= 1 << 20; processors *= 4) {
    cpu_set_t* const set = CPU_ALLOC(static_cast<std::size_t>(processors));
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(processors));
    const bool answered = set != nullptr && sched_getaffinity(0, bytes, set) == 0;
    const int count = answered ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (answered) {
      return std::max(count, 1);
    }
  }
  return 1;
}

std::int64_t usable_processors() {
  const std::int64_t allowed = allowed_processors();
  const auto quota = quota_cpus("");
  // Rounded down: a worker more than the quota pays for gets all of them throttled.
  return quota ? std::clamp(static_cast<std::int64_t>(*quota), std::int64_t{1}, allowed) : allowed;
}

std::int64_t wanted_workers(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc() || end != text.data() + text.size() || count < 1 || count > MOST_WORKERS) {
    throw Error(ErrorKind::usage, "ASSAY_THREADS: '" + std::string(text) + "' is no number of threads; set 1 to " +
                                      std::to_string(MOST_WORKERS) + ", or unset it");
  }
  return count;
}

std::int64_t decide() {
  const char* const wanted = std::getenv("ASSAY_THREADS");
  const std::int64_t count = wanted != nullptr && *wanted != '\0' ? wanted_workers(wanted) : usable_processors();
  return std::min(count, MOST_WORKERS);
}

[[gnu::tls_model("initial-exec")]] constinit thread_local bool alone = false;

}  // namespace

std::int64_t all_workers() {
  static const std::int64_t count = decide();
  return count;
}

std::int64_t workers() { return alone ? 1 : all_workers(); }

Alone::Alone() noexcept : before_(alone) { alone = true; }

Alone::~Alone() { alone = before_; }

}  // namespace assay
