// A ring of rows: one thread writes, one at a time reads.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace assay {

template <class Row>
class Ring {
 public:
  // Rounded up to a power of two. Memory is touched as rows are written.
  Ring(std::int64_t rows, std::int32_t thread)
      : mask_(std::bit_ceil(static_cast<std::uint64_t>(rows)) - 1),
        rows_(static_cast<Row*>(std::malloc((mask_ + 1) * sizeof(Row)))),
        thread_(thread) {
    if (rows_ == nullptr) {
      throw std::bad_alloc();
    }
  }

  // By the thread that owns the ring.
  void push(const Row& row) noexcept {
    const std::uint64_t at = written_.load(std::memory_order_relaxed);
    if (at - read_.load(std::memory_order_acquire) > mask_) [[unlikely]] {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    rows_.get()[at & mask_] = row;
    written_.store(at + 1, std::memory_order_release);
  }

  // By one thread at a time: every row that is there, oldest first.
  template <class Take>
  void drain(const Take& take) {
    const std::uint64_t end = written_.load(std::memory_order_acquire);
    for (std::uint64_t at = read_.load(std::memory_order_relaxed); at < end; ++at) {
      take(rows_.get()[at & mask_]);
    }
    read_.store(end, std::memory_order_release);
  }

  // Whether it can serve once more as a ring of so many rows: writing to memory that was written before costs a third
  // of writing to fresh memory. One that has grown large gives its memory back instead.
  [[nodiscard]] bool serves_again(std::int64_t rows) const noexcept {
    constexpr std::uint64_t most_bytes = std::uint64_t{8} << 20;
    const bool as_large = mask_ == std::bit_ceil(static_cast<std::uint64_t>(rows)) - 1;
    return as_large && written_.load(std::memory_order_relaxed) * sizeof(Row) <= most_bytes;
  }

  // By the thread that owns the ring, when nobody reads it.
  void restart() noexcept {
    written_.store(0, std::memory_order_relaxed);
    read_.store(0, std::memory_order_relaxed);
    dropped_.store(0, std::memory_order_relaxed);
  }

  [[nodiscard]] bool empty() const noexcept {
    return written_.load(std::memory_order_acquire) == read_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int32_t thread() const noexcept { return thread_; }

 private:
  struct Free {
    void operator()(Row* rows) const noexcept { std::free(rows); }
  };

  const std::uint64_t mask_;
  const std::unique_ptr<Row, Free> rows_;
  const std::int32_t thread_;
  alignas(64) std::atomic<std::uint64_t> written_{0};
  std::atomic<std::int64_t> dropped_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace assay
