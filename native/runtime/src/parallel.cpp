#include "assay/runtime/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace assay::pool {

thread_local bool inside = false;

void run_range(std::int64_t count, std::int64_t grain, RangeBody body, void* context) {
  if (inside) {
    body(context, 0, count);
    return;
  }
  const std::int64_t step = std::max({grain, std::int64_t{1}, count / (4 * workers())});
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  const auto work = [&] {
    inside = true;
    try {
      for (std::int64_t begin = next.fetch_add(step); begin < count && !failed; begin = next.fetch_add(step)) {
        body(context, begin, std::min(begin + step, count));
      }
    } catch (...) {
      if (!failed.exchange(true)) {
        failure = std::current_exception();
      }
    }
    inside = false;
  };
  {
    std::vector<std::jthread> threads;
    for (std::int64_t i = 1; i < std::min(workers(), (count + step - 1) / step); ++i) {
      threads.emplace_back(work);
    }
    work();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace assay::pool
