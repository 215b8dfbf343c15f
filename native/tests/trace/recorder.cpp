#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "assay/core/error.h"
#include "assay/runtime/trace.h"

namespace assay::trace {
namespace {

// Tracing goes on while it lives.
class Tracing {
 public:
  explicit Tracing(std::int64_t rows = 1000, CpuTime cpu = CpuTime::never) { start(rows, cpu); }
  ~Tracing() { stop(); }
  Tracing(const Tracing&) = delete;
  Tracing& operator=(const Tracing&) = delete;
};

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

std::string text_of(const Columns& columns, std::int32_t place) {
  return columns.names[static_cast<std::size_t>(place)];
}

TEST_CASE("a step leaves one row that says what it was, when, and what it did") {
  const Tracing tracing(1000, CpuTime::steps);
  const Place place{
      .invocation = 2, .sequence = 1, .token = 7, .tokens = 3, .phase = name("decode"), .device = name("cpu:0")};
  const std::int64_t before_ns = monotonic_ns();
  {
    Span span(place, {.step = name("FFN"), .part = NO_NAME, .layer = 5});
    pause_ms(2);
    span.count({.flops = 6, .bytes_read = 12, .bytes_written = 3});
    span.hold(99);
  }
  const std::int64_t after_ns = monotonic_ns();
  const Columns columns = drain();
  REQUIRE(columns.start_ns.size() == 1);
  CHECK(text_of(columns, columns.step[0]) == "FFN");
  CHECK(text_of(columns, columns.phase[0]) == "decode");
  CHECK(columns.op[0] == NONE);
  CHECK(columns.layer[0] == 5);
  CHECK(columns.token[0] == 7);
  CHECK(columns.tokens[0] == 3);
  CHECK(columns.invocation[0] == 2);
  CHECK(columns.sequence[0] == 1);
  CHECK(columns.flops[0] == 6);
  CHECK(columns.read_bytes[0] == 12);
  CHECK(columns.written_bytes[0] == 3);
  CHECK(columns.kv_bytes[0] == 99);
  CHECK(columns.start_ns[0] >= before_ns - 50'000);
  CHECK(columns.end_ns[0] <= after_ns + 50'000);
  CHECK(columns.end_ns[0] - columns.start_ns[0] >= 1'900'000);
  CHECK(columns.cpu_ns[0] >= 0);
  CHECK(columns.cpu_ns[0] < 1'500'000);
  CHECK(drain().start_ns.empty());
}

TEST_CASE("off, nothing is kept") {
  {
    const Tracing tracing;
  }
  {
    const Span span({}, {.step = name("FFN")});
  }
  CHECK(drain().start_ns.empty());
  CHECK_FALSE(on());
}

TEST_CASE("parts are nested in their step and read no CPU clock") {
  const Tracing tracing(1000, CpuTime::steps);
  const Place place;
  {
    const Span step(place, {.step = name("Attention"), .part = NO_NAME, .layer = 0});
    const Span part(place, {.step = name("Attention"), .part = name("qkv"), .layer = 0});
  }
  const Columns columns = drain();
  REQUIRE(columns.start_ns.size() == 2);
  CHECK(text_of(columns, columns.op[0]) == "qkv");
  CHECK(columns.cpu_ns[0] == NONE);
  CHECK(columns.cpu_ns[1] >= 0);
  CHECK(columns.start_ns[1] <= columns.start_ns[0]);
  CHECK(columns.end_ns[1] >= columns.end_ns[0]);
}

TEST_CASE("what a full ring can not take is counted") {
  const Tracing tracing(4);
  const Place place;
  for (int i = 0; i < 10; ++i) {
    const Span span(place, {.step = name("FFN")});
  }
  CHECK(drain().dropped == 6);
  {
    const Span span(place, {.step = name("FFN")});
  }
  const Columns columns = drain();
  CHECK(columns.start_ns.size() == 1);
  CHECK(columns.dropped == 6);
}

TEST_CASE("draining beside steps of several threads loses nothing, and rows outlive their thread") {
  const Tracing tracing(1 << 16);
  constexpr int STEPS = 20'000;
  std::atomic<int> running{3};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&running, t] {
      const Place place{.invocation = t};
      for (std::int32_t i = 0; i < STEPS; ++i) {
        const Span span(place, {.step = name("FFN"), .part = NO_NAME, .layer = static_cast<std::int16_t>(i & 31)});
      }
      --running;
    });
  }
  std::map<std::int32_t, std::int64_t> rows;
  std::map<std::int32_t, std::int64_t> last_end;
  bool in_order = true;
  std::int64_t dropped = 0;
  for (bool last = false; !last;) {
    last = running == 0;
    const Columns columns = drain();
    dropped = columns.dropped;
    for (std::size_t row = 0; row < columns.start_ns.size(); ++row) {
      const std::int32_t thread = columns.thread[row];
      ++rows[thread];
      in_order = in_order && columns.start_ns[row] >= last_end[thread];
      last_end[thread] = columns.end_ns[row];
    }
  }
  CHECK(in_order);
  CHECK(rows.size() == 3);
  std::int64_t total = dropped;
  for (const auto& [thread, count] : rows) {
    total += count;
  }
  CHECK(total == 3 * STEPS);
}

TEST_CASE("a second recording begins afresh") {
  const Place place;
  {
    const Tracing tracing(4);
    for (int i = 0; i < 9; ++i) {
      const Span span(place, {.step = name("FFN")});
    }
  }
  const Tracing tracing(8);
  {
    const Span span(place, {.step = name("FFN")});
  }
  const Columns columns = drain();
  CHECK(columns.start_ns.size() == 1);
  CHECK(columns.dropped == 0);
}

TEST_CASE("two recordings at once are refused") {
  const Tracing tracing;
  CHECK_THROWS_AS(start(10, CpuTime::never), Error);
  CHECK_THROWS_AS(start(0, CpuTime::never), Error);
}

TEST_CASE("the child of a fork records nothing until it begins a recording of its own") {
  const Tracing tracing;
  const Place place;
  {
    const Span span(place, {.step = name("FFN")});
  }
  const pid_t child = fork();
  if (child == 0) {
    const bool quiet = !on();
    start(10, CpuTime::never);
    {
      const Span span(place, {.step = name("FFN")});
    }
    const Columns columns = drain();
    _exit(quiet && columns.start_ns.size() == 1 && columns.thread[0] == getpid() ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(drain().start_ns.size() == 1);
}

}  // namespace
}  // namespace assay::trace
