#include "assay/runtime/scratch.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <utility>

namespace assay {
namespace {

constexpr std::int64_t HUGE_PAGE_BYTES = std::int64_t{2} << 20;
constexpr std::int64_t HUGE_FROM_BYTES = std::int64_t{1} << 20;
constexpr std::int64_t PAGE_BYTES = 4096;

constexpr std::int64_t round_up(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

// Pages of its own, so that growing copies nothing and the end of a thread gives everything back to the system.
class Pages {
 public:
  Pages() = default;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() { release(); }

  std::byte* at_least(std::int64_t bytes) {
    if (bytes > usable_bytes_) {
      release();
      map(bytes);
    }
    return first_;
  }

 private:
  void map(std::int64_t bytes) {
    const bool huge = bytes >= HUGE_FROM_BYTES;
    const std::int64_t usable = round_up(bytes, huge ? HUGE_PAGE_BYTES : PAGE_BYTES);
    const std::int64_t mapped = usable + (huge ? HUGE_PAGE_BYTES : 0);
    void* const start =
        mmap(nullptr, static_cast<std::size_t>(mapped), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
      throw std::bad_alloc();
    }
    start_ = static_cast<std::byte*>(start);
    mapped_bytes_ = mapped;
    usable_bytes_ = usable;
    first_ = start_;
    if (huge) {
      const auto past = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(start) % HUGE_PAGE_BYTES);
      first_ += (HUGE_PAGE_BYTES - past) % HUGE_PAGE_BYTES;
      madvise(first_, static_cast<std::size_t>(usable), MADV_HUGEPAGE);  // advice: a refusal costs speed alone
    }
  }

  void release() noexcept {
    if (start_ != nullptr) {
      munmap(start_, static_cast<std::size_t>(mapped_bytes_));
    }
    start_ = first_ = nullptr;
    mapped_bytes_ = usable_bytes_ = 0;
  }

  std::byte* start_ = nullptr;
  std::byte* first_ = nullptr;
  std::int64_t mapped_bytes_ = 0;
  std::int64_t usable_bytes_ = 0;
};

thread_local Pages of_thread;
thread_local Pages of_regions;

}  // namespace

std::byte* thread_scratch(std::int64_t bytes) { return of_thread.at_least(std::max(bytes, std::int64_t{1})); }

std::byte* shared_scratch(std::int64_t bytes) { return of_regions.at_least(std::max(bytes, std::int64_t{1})); }

}  // namespace assay
