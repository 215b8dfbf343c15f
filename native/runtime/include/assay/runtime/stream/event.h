// Events: instants of a stream, for other streams to wait for and to measure between.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace assay {

// One recording: happens once.
class Mark {
 public:
  Mark() noexcept;

  void happen() noexcept;
  [[nodiscard]] bool happened() const noexcept { return ticks_.load(std::memory_order_acquire) != 0; }
  // Throws Error in the child of a fork, for what the parent recorded and nobody here will make happen.
  void wait() const;
  [[nodiscard]] std::int64_t ticks() const noexcept { return ticks_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::int64_t> ticks_{0};  // device ticks; 0 until it happened
  const std::int32_t process_;
};

class Event {
 public:
  // Whether the latest recording has happened; false where there is none.
  [[nodiscard]] bool happened() const;

  // Returns once it has. Throws Error where there is none.
  void synchronise() const;

  // When it happened on the device's clock, as CLOCK_MONOTONIC. Throws Error unless it has.
  [[nodiscard]] std::int64_t time_ns() const;

  // Nanoseconds from `start` to `end`. Throws Error unless both have happened.
  [[nodiscard]] static std::int64_t elapsed_ns(const Event& start, const Event& end);

  // For streams: the latest recording, null where there is none, and a new one.
  [[nodiscard]] std::shared_ptr<Mark> latest() const;
  [[nodiscard]] std::shared_ptr<Mark> renew();

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Mark> latest_;
};

}  // namespace assay
