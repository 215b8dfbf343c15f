#include "pages/pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <fstream>
#include <limits>
#include <mutex>

#include "pages/poison.h"

namespace assay::memory {
namespace {

constexpr std::size_t HUGE_PAGE_BYTES = std::size_t{2} << 20;
constexpr std::size_t LEAST_STEP_BYTES = std::size_t{64} << 10;
constexpr std::size_t MOST_IDLE = 256;

// The idle runs, oldest first. Everything else is a count. All of it is guarded by `mutex`.
struct State {
  std::mutex mutex;
  std::array<Pages, MOST_IDLE> idle;
  std::size_t idle_count = 0;
  std::int64_t idle_limit_bytes = std::int64_t{1} << 30;
  std::int64_t huge_limit_bytes = std::numeric_limits<std::int64_t>::max();
  PageStatistics counts{};
};

constinit State state;

// Eight sizes a doubling, so that a run fits the next tensor of about that size, too.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::max(std::bit_floor(bytes) / 8, LEAST_STEP_BYTES);
  return (bytes + step - 1) / step * step;
}

bool pages_are_reserved() {
  static const bool reserved = [] {
    std::int64_t count = 0;
    std::ifstream("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages") >> count;
    return count > 0;
  }();
  return reserved;
}

Pages map_reserved(std::size_t bytes) {
  if (bytes % HUGE_PAGE_BYTES != 0 || !pages_are_reserved()) {
    return {};
  }
  void* const start = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
  if (start == MAP_FAILED) {
    return {};
  }
  return {.first = static_cast<std::byte*>(start), .bytes = bytes, .kind = PageKind::reserved};
}

// Maps more than needed and cuts off what lies before and behind the aligned part.
Pages map_aligned(std::size_t bytes, std::size_t alignment) {
  const std::size_t mapped = bytes + alignment;
  void* const start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) {
    return {};
  }
  auto* const base = static_cast<std::byte*>(start);
  const std::size_t before = (alignment - reinterpret_cast<std::uintptr_t>(base) % alignment) % alignment;
  if (before > 0) {
    munmap(base, before);
  }
  if (before < alignment) {
    munmap(base + before + bytes, alignment - before);
  }
  return {.first = base + before, .bytes = bytes, .kind = PageKind::ordinary};
}

void advise(Pages& pages) {
  if (madvise(pages.first, pages.bytes, MADV_HUGEPAGE) == 0) {
    pages.kind = PageKind::advised;
  }
}

void count_mapped(const Pages& pages, std::int64_t sign) {
  const std::int64_t bytes = sign * static_cast<std::int64_t>(pages.bytes);
  state.counts.mapped_bytes += bytes;
  state.counts.huge_bytes += pages.kind == PageKind::ordinary ? 0 : bytes;
  state.counts.reserved_bytes += pages.kind == PageKind::reserved ? bytes : 0;
}

void unmap(const Pages& pages) {
  count_mapped(pages, -1);
  unpoison(pages.first, pages.bytes);
  munmap(pages.first, pages.bytes);
}

Pages without_idle(std::size_t index) {
  const Pages pages = state.idle[index];
  std::move(state.idle.begin() + static_cast<std::ptrdiff_t>(index) + 1,
            state.idle.begin() + static_cast<std::ptrdiff_t>(state.idle_count),
            state.idle.begin() + static_cast<std::ptrdiff_t>(index));
  --state.idle_count;
  state.counts.idle_bytes -= static_cast<std::int64_t>(pages.bytes);
  return pages;
}

void drop_oldest_until(std::int64_t keep_bytes) {
  while (state.idle_count > 0 && state.counts.idle_bytes > keep_bytes) {
    unmap(without_idle(0));
  }
}

// The smallest idle run that fits and is at most an eighth larger; of equals, the latest, whose pages may be cached.
Pages reuse(std::size_t bytes, std::size_t alignment) {
  std::size_t best = MOST_IDLE;
  std::size_t best_bytes = bytes + bytes / 8 + 1;
  for (std::size_t i = state.idle_count; i-- > 0;) {
    const Pages& pages = state.idle[i];
    if (pages.bytes >= bytes && pages.bytes < best_bytes &&
        reinterpret_cast<std::uintptr_t>(pages.first) % alignment == 0) {
      best = i;
      best_bytes = pages.bytes;
    }
  }
  return best == MOST_IDLE ? Pages{} : without_idle(best);
}

Pages map(std::size_t bytes, std::size_t alignment) {
  const bool may_be_huge =
      state.counts.huge_bytes + static_cast<std::int64_t>(bytes) <= state.huge_limit_bytes && bytes >= HUGE_PAGE_BYTES;
  Pages pages = may_be_huge && alignment <= HUGE_PAGE_BYTES ? map_reserved(bytes) : Pages{};
  if (pages.first == nullptr) {
    pages = map_aligned(bytes, std::max(alignment, HUGE_PAGE_BYTES));
    if (pages.first != nullptr && may_be_huge) {
      advise(pages);
    }
  }
  return pages;
}

}  // namespace

Pages take_pages(std::size_t bytes, std::size_t alignment) noexcept {
  constexpr std::size_t most = std::size_t{1} << 46;
  if (bytes > most || alignment > most) {
    return {};
  }
  const std::size_t size = rounded(bytes);
  const std::scoped_lock lock(state.mutex);
  Pages pages = reuse(size, alignment);
  if (pages.first != nullptr) {
    ++state.counts.reuses;
    unpoison(pages.first, pages.bytes);
    return pages;
  }
  pages = map(size, alignment);
  if (pages.first == nullptr && state.idle_count > 0) {
    drop_oldest_until(0);
    pages = map(size, alignment);
  }
  if (pages.first != nullptr) {
    ++state.counts.mappings;
    count_mapped(pages, 1);
  }
  return pages;
}

void give_pages(const Pages& pages) noexcept {
  const std::scoped_lock lock(state.mutex);
  const auto bytes = static_cast<std::int64_t>(pages.bytes);
  if (bytes > state.idle_limit_bytes) {
    unmap(pages);
    return;
  }
  drop_oldest_until(state.idle_limit_bytes - bytes);
  if (state.idle_count == MOST_IDLE) {
    unmap(without_idle(0));
  }
  poison(pages.first, pages.bytes);
  state.idle[state.idle_count++] = pages;
  state.counts.idle_bytes += bytes;
}

void drop_idle_pages(std::int64_t keep_bytes) noexcept {
  const std::scoped_lock lock(state.mutex);
  drop_oldest_until(keep_bytes);
}

void limit_idle_pages(std::int64_t bytes) noexcept {
  const std::scoped_lock lock(state.mutex);
  state.idle_limit_bytes = bytes;
  drop_oldest_until(bytes);
}

void limit_huge_pages(std::int64_t bytes) noexcept {
  const std::scoped_lock lock(state.mutex);
  state.huge_limit_bytes = bytes;
}

PageStatistics page_statistics() noexcept {
  const std::scoped_lock lock(state.mutex);
  return state.counts;
}

void lock_pages() noexcept { state.mutex.lock(); }
void unlock_pages() noexcept { state.mutex.unlock(); }

}  // namespace assay::memory
