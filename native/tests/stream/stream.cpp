#include "assay/runtime/stream.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include "assay/core/error.h"

namespace assay {
namespace {

TEST_CASE("the default stream runs a launch in the caller, before the launch returns") {
  std::thread::id ran_in;
  Stream::standard().launch("note", {}, [&] { ran_in = std::this_thread::get_id(); });
  CHECK(ran_in == std::this_thread::get_id());
  CHECK(Stream::standard().id() == 0);
  CHECK(Stream::standard().idle());
}

TEST_CASE("the default stream throws where it is launched") {
  CHECK_THROWS_WITH_AS(Stream::standard().launch("fail", {}, [] { throw std::runtime_error("no"); }), "no",
                       std::runtime_error);
  Stream::standard().synchronise();
}

TEST_CASE("another stream keeps the order of its launches, in a thread of its own") {
  Stream stream;
  std::vector<int> order;
  std::thread::id ran_in;
  for (int i = 0; i < 1000; ++i) {
    stream.launch("append", {}, [&order, &ran_in, i] {
      order.push_back(i);
      ran_in = std::this_thread::get_id();
    });
  }
  stream.synchronise();
  REQUIRE(order.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(order[static_cast<std::size_t>(i)] == i);
  }
  CHECK(ran_in != std::this_thread::get_id());
  CHECK(stream.idle());
}

TEST_CASE("an error is thrown by synchronise, once, and what was launched after it is left out") {
  Stream stream;
  std::atomic<int> ran{0};
  Event after;
  stream.launch("fail", {}, [] { throw std::runtime_error("first"); });
  stream.launch("later", {}, [&] { ++ran; });
  stream.record(after);
  CHECK_THROWS_WITH_AS(stream.synchronise(), "first", std::runtime_error);
  CHECK(ran == 0);
  CHECK(after.happened());
  stream.launch("again", {}, [&] { ++ran; });
  stream.synchronise();
  CHECK(ran == 1);
}

TEST_CASE("a stream that ends has run what was launched on it") {
  std::atomic<int> ran{0};
  {
    Stream stream;
    for (int i = 0; i < 100; ++i) {
      stream.launch("count", {}, [&] { ++ran; });
    }
  }
  CHECK(ran == 100);
}

TEST_CASE("many threads may launch on one stream") {
  Stream stream;
  std::int64_t sum = 0;  // no lock: the stream runs one launch at a time
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          stream.launch("add", {}, [&sum] { ++sum; });
        }
      });
    }
  }
  stream.synchronise();
  CHECK(sum == 2000);
}

TEST_CASE("a stream waits for the event of another") {
  Stream first;
  Stream second;
  Event ready;
  std::atomic<bool> open{false};
  int value = 0;
  int seen = 0;
  first.launch("slow", {}, [&] {
    open.wait(false);
    value = 7;
  });
  first.record(ready);
  second.wait(ready);
  second.launch("read", {}, [&] { seen = value; });
  CHECK_FALSE(ready.happened());
  CHECK_FALSE(second.idle());
  open = true;
  open.notify_all();
  second.synchronise();
  CHECK(seen == 7);
}

TEST_CASE("the default stream waits for an event where it is told to") {
  Stream other;
  Event ready;
  int value = 0;
  other.launch("slow", {}, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    value = 7;
  });
  other.record(ready);
  Stream::standard().wait(ready);
  CHECK(value == 7);
}

TEST_CASE("events measure the time between them") {
  Event start;
  Event end;
  Stream& stream = Stream::standard();
  const std::int64_t before_ns = monotonic_ns();
  stream.record(start);
  stream.launch("sleep", {}, [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); });
  stream.record(end);
  const std::int64_t between_ns = monotonic_ns() - before_ns;
  CHECK(Event::elapsed_ns(start, end) >= 4'900'000);
  CHECK(Event::elapsed_ns(start, end) <= between_ns + 100'000);
  CHECK(start.time_ns() >= before_ns - 100'000);
  // Each question maps ticks to nanoseconds by the newest calibration, which moves by parts in a million.
  CHECK(std::abs(Event::elapsed_ns(end, start) + Event::elapsed_ns(start, end)) <= 1'000);
}

TEST_CASE("an event that was never recorded has no time, and nobody waits for it") {
  Event never;
  Event now;
  Stream::standard().record(now);
  Stream::standard().wait(never);
  CHECK_FALSE(never.happened());
  CHECK_THROWS_WITH_AS(never.synchronise(), "event: the event was never recorded; record it on a stream first", Error);
  CHECK_THROWS_AS(static_cast<void>(Event::elapsed_ns(now, never)), Error);
}

TEST_CASE("operations go to the stream of the scope") {
  Stream outer;
  const StreamScope in_outer(outer);
  {
    Stream inner;
    const StreamScope in_inner(inner);
    CHECK(&current_stream() == &inner);
  }
  CHECK(&current_stream() == &outer);
}

// Not under ThreadSanitizer, which dies when a child of a process with threads makes a thread.
#if !defined(__SANITIZE_THREAD__)
TEST_CASE("the child of a fork goes on with the same streams") {
  Stream stream;
  Event pending;
  std::atomic<bool> open{false};
  stream.launch("hold", {}, [&] { open.wait(false); });
  stream.record(pending);
  const pid_t child = fork();
  if (child == 0) {
    int ran = 0;
    try {
      pending.synchronise();
    } catch (const Error&) {
      ran = 1;
    }
    stream.launch("count", {}, [&] { ++ran; });
    stream.synchronise();
    _exit(ran == 2 ? 0 : 1);
  }
  open = true;
  open.notify_all();
  stream.synchronise();
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
#endif

}  // namespace
}  // namespace assay
