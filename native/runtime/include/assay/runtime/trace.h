// Steps of an inference, stamped by the thread that does the work.
//
//   static const trace::Name attention = trace::name("Attention");
//   const trace::Place place{.invocation = request, .token = position, .phase = decode};
//   {
//     trace::Span span(place, {.step = attention, .layer = layer});
//     ...
//     span.count({.flops = 2 * m * n * k, .bytes_read = ..., .bytes_written = ...});
//   }
//
// Off, a span is one branch on a flag; no clock is read. On, it reads the device's clock twice and writes one row into
// a ring of its thread. What finds no room is counted as dropped.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "assay/runtime/launch.h"

namespace assay::trace {

// A place in the table of names, which lives as long as the process.
using Name = std::uint16_t;
inline constexpr Name NO_NAME = std::numeric_limits<Name>::max();
inline constexpr std::int32_t NONE = -1;

// Ask once, not for every step: takes a lock. Throws Error where the table is full.
[[nodiscard]] Name name(std::string_view text);

// What a step is.
struct What {
  Name step = NO_NAME;
  Name part = NO_NAME;  // of the step; none for the whole step
  std::int16_t layer = NONE;
};

// What a step belongs to. Must live as long as the spans that were made with it.
struct Place {
  std::int32_t invocation = NONE;
  std::int32_t sequence = NONE;
  std::int32_t token = NONE;
  std::int32_t tokens = NONE;  // worked on at once
  Name phase = NO_NAME;
  Name device = NO_NAME;
};

// One row. Times are in ticks of the device; counts are NONE where not counted.
struct Event {
  std::int64_t start_ticks;
  std::int64_t end_ticks;
  std::int64_t cpu_ns;
  Work work;
  std::int64_t kv_bytes;
  Place place;
  What what;
};

enum class CpuTime : int {
  never,
  steps,  // read at both ends of whole steps: half a microsecond each
};

namespace detail {

// 0 where off; bit 1 where CPU time is read.
extern std::atomic<int> state;

[[nodiscard]] std::int64_t thread_cpu_ns() noexcept;
void finish(Event& event, bool cpu) noexcept;

}  // namespace detail

[[nodiscard]] inline bool on() noexcept { return detail::state.load(std::memory_order_relaxed) != 0; }

// Keeps a row that was stamped by other means.
void keep(const Event& event) noexcept;

class Span {
 public:
  Span(const Place& place, What what) noexcept {
    state_ = detail::state.load(std::memory_order_relaxed);
    if (state_ != 0) [[unlikely]] {
      begin(place, what);
    }
  }
  ~Span() {
    if (state_ != 0) [[unlikely]] {
      detail::finish(event_, (state_ & 2) != 0);
    }
  }
  Span(const Span&) = delete;
  Span& operator=(const Span&) = delete;

  // What it did; may be left out.
  void count(const Work& work) noexcept { event_.work = work; }
  void hold(std::int64_t kv_bytes) noexcept { event_.kv_bytes = kv_bytes; }

 private:
  void begin(const Place& place, What what) noexcept {
    event_.place = place;
    event_.what = what;
    event_.work = {.flops = NONE, .bytes_read = NONE, .bytes_written = NONE};
    event_.kv_bytes = NONE;
    state_ = what.part == NO_NAME ? state_ : 1;
    event_.cpu_ns = (state_ & 2) != 0 ? detail::thread_cpu_ns() : NONE;
    event_.start_ticks = device_ticks();
  }

  // Written where tracing is on only.
  Event event_;
  int state_;
};

// Begins to keep events: at most `rows_per_thread` that were not drained. Throws Error when it goes on already.
void start(std::int64_t rows_per_thread, CpuTime cpu);

// Spans that begin after this are not kept.
void stop() noexcept;

// Columns of equal length, each thread's events in the order of their ends. Times are CLOCK_MONOTONIC.
struct Columns {
  std::vector<std::int64_t> start_ns, end_ns, cpu_ns, flops, read_bytes, written_bytes, kv_bytes;
  std::vector<std::int32_t> thread, step, phase, op, device, layer, token, invocation, sequence, tokens;
  std::vector<std::string> names;  // the whole table
  std::int64_t dropped = 0;        // since the start
  double error_ns = 0.0;           // what the mapping of ticks can't tell apart
};

// Takes what the rings hold. May be called while steps go on.
[[nodiscard]] Columns drain();

}  // namespace assay::trace
