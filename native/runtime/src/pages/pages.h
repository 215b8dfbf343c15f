// Runs of pages from the system, aligned to 2 MiB, kept for reuse so that a tensor of megabytes faults in only once.
#pragma once

#include <cstddef>
#include <cstdint>

namespace assay::memory {

enum class PageKind : std::uint8_t {
  ordinary,
  advised,   // the kernel was asked for transparent huge pages
  reserved,  // taken from the pool that the administrator reserved (hugetlb)
};

struct Pages {
  std::byte* first = nullptr;
  std::size_t bytes = 0;
  PageKind kind = PageKind::ordinary;
};

struct PageStatistics {
  std::int64_t mapped_bytes;    // of all pages, idle ones included
  std::int64_t huge_bytes;      // of those, the advised and the reserved
  std::int64_t reserved_bytes;  // of those, the reserved
  std::int64_t idle_bytes;      // kept for reuse
  std::int64_t mappings;        // runs that came from the system, ever
  std::int64_t reuses;          // runs that did not, ever
};

// A run of at least `bytes`, reused or fresh, of undefined contents. `first` is null when the system has none.
[[nodiscard]] Pages take_pages(std::size_t bytes, std::size_t alignment) noexcept;

// Keeps the run for reuse, or unmaps the oldest where more than the limit would be idle.
void give_pages(const Pages& pages) noexcept;

// Unmaps idle runs, the oldest first, until at most `keep_bytes` of them are left.
void drop_idle_pages(std::int64_t keep_bytes) noexcept;

void limit_idle_pages(std::int64_t bytes) noexcept;
void limit_huge_pages(std::int64_t bytes) noexcept;

[[nodiscard]] PageStatistics page_statistics() noexcept;

// For the handlers of fork().
void lock_pages() noexcept;
void unlock_pages() noexcept;

}  // namespace assay::memory
