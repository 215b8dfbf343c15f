#include "assay/runtime/stream/counters.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "assay/core/error.h"
#include "assay/runtime/buffer.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/stream.h"

namespace assay {
namespace {

// Counters are on while it lives.
class Counting {
 public:
  explicit Counting(std::int64_t rows = 1000) { start_counters(rows); }
  ~Counting() { stop_counters(); }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
};

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

std::string name_of(const LaunchColumns& columns, std::size_t row) {
  return columns.names[static_cast<std::size_t>(columns.name[row])];
}

TEST_CASE("a launch leaves one row that says what it did and when") {
  const Counting counting;
  const std::int64_t before_ns = monotonic_ns();
  Stream::standard().launch("work", {.flops = 6, .bytes_read = 12, .bytes_written = 3}, [] { pause_ms(2); });
  const std::int64_t after_ns = monotonic_ns();
  const LaunchColumns columns = drain_counters();
  REQUIRE(columns.name.size() == 1);
  CHECK(name_of(columns, 0) == "work");
  CHECK(columns.stream[0] == 0);
  CHECK(columns.flops[0] == 6);
  CHECK(columns.bytes_read[0] == 12);
  CHECK(columns.bytes_written[0] == 3);
  CHECK(columns.start_ns[0] >= before_ns - 50'000);
  CHECK(columns.end_ns[0] <= after_ns + 50'000);
  CHECK(columns.end_ns[0] - columns.start_ns[0] >= 1'900'000);
  CHECK(columns.dropped == 0);
  CHECK(drain_counters().name.empty());
}

TEST_CASE("a launch says how many bytes moved between tiers meanwhile") {
  constexpr std::int64_t BYTES = 1 << 20;
  Buffer buffer(BYTES, "to be moved", Contents::zero);
  static_cast<void>(buffer.pin());
  const Counting counting;
  Stream::standard().launch("evict", {}, [&] { REQUIRE(buffer.evict()); });
  Stream::standard().launch("nothing", {}, [] {});
  Stream::standard().launch("return", {}, [&] { static_cast<void>(buffer.pin(Access::read)); });
  const LaunchColumns columns = drain_counters();
  REQUIRE(columns.tier_bytes.size() == 3);
  CHECK(columns.tier_bytes[0] >= BYTES);
  CHECK(columns.tier_bytes[1] == 0);
  CHECK(columns.tier_bytes[2] >= BYTES);
}

TEST_CASE("without counters there are no rows") {
  {
    const Counting counting;
  }
  Stream::standard().launch("work", {}, [] {});
  CHECK(drain_counters().name.empty());
}

TEST_CASE("a failed launch has its row too") {
  const Counting counting;
  CHECK_THROWS_AS(Stream::standard().launch("fail", {}, [] { throw 1; }), int);
  CHECK(drain_counters().name.size() == 1);
}

TEST_CASE("what a full ring can not take is counted") {
  const Counting counting(4);
  for (int i = 0; i < 10; ++i) {
    Stream::standard().launch("work", {}, [] {});
  }
  LaunchColumns columns = drain_counters();
  CHECK(columns.name.size() == 4);
  CHECK(columns.dropped == 6);
  Stream::standard().launch("work", {}, [] {});
  columns = drain_counters();
  CHECK(columns.name.size() == 1);
  CHECK(columns.dropped == 6);
}

TEST_CASE("rows outlive their thread, and streams are told apart") {
  const Counting counting;
  std::int32_t id = 0;
  {
    Stream stream;
    id = stream.id();
    stream.launch("theirs", {}, [] {});
  }
  Stream::standard().launch("ours", {}, [] {});
  const LaunchColumns columns = drain_counters();
  std::map<std::string, std::pair<std::int32_t, std::int32_t>> found;
  for (std::size_t row = 0; row < columns.name.size(); ++row) {
    found[name_of(columns, row)] = {columns.stream[row], columns.thread[row]};
  }
  REQUIRE(found.size() == 2);
  CHECK(found["theirs"].first == id);
  CHECK(found["ours"].first == 0);
  CHECK(found["theirs"].second != found["ours"].second);
}

TEST_CASE("draining beside launches loses nothing") {
  const Counting counting(1 << 16);
  std::atomic<bool> done{false};
  std::jthread launcher([&] {
    for (int i = 0; i < 20'000; ++i) {
      Stream::standard().launch("work", {.flops = i}, [] {});
    }
    done = true;
  });
  std::int64_t rows = 0;
  std::int64_t flops = 0;
  for (bool last = false; !last;) {
    last = done;
    const LaunchColumns columns = drain_counters();
    rows += static_cast<std::int64_t>(columns.name.size());
    for (const std::int64_t each : columns.flops) {
      flops += each;
    }
  }
  CHECK(rows == 20'000);
  CHECK(flops == std::int64_t{19'999} * 10'000);
}

TEST_CASE("a step of a graph spans its kernels") {
  Stream& stream = Stream::standard();
  Capture capture(stream);
  stream.launch("before", {}, [] {});
  stream.step("first");
  stream.launch("a", {}, [] { pause_ms(1); });
  stream.launch("b", {}, [] { pause_ms(1); });
  stream.step("second");
  stream.launch("c", {}, [] {});
  const auto graph = capture.finish();
  const Counting counting;
  stream.replay(graph);
  const LaunchColumns columns = drain_counters();
  std::map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < columns.name.size(); ++row) {
    rows[name_of(columns, row)] = row;
  }
  REQUIRE(rows.size() == 6);
  CHECK(columns.kind[rows["first"]] == static_cast<std::int32_t>(LaunchKind::step));
  CHECK(columns.kind[rows["a"]] == static_cast<std::int32_t>(LaunchKind::kernel));
  CHECK(columns.start_ns[rows["first"]] <= columns.start_ns[rows["a"]]);
  CHECK(columns.end_ns[rows["first"]] >= columns.end_ns[rows["b"]]);
  CHECK(columns.start_ns[rows["second"]] >= columns.end_ns[rows["first"]]);
}

TEST_CASE("occupancy is one worker's share where nothing was shared, and more where the pool took part") {
  const Counting counting;
  Stream& stream = Stream::standard();
  const auto spin = [](std::int64_t ns) {
    for (const std::int64_t start = monotonic_ns(); monotonic_ns() - start < ns;) {
    }
  };
  const auto shared = [&] {
    parallel_for(64, 1, [&](std::int64_t first, std::int64_t last) { spin((last - first) * 500'000); });
  };
  stream.launch("enrol", {}, shared);
  stream.launch("shared", {}, shared);
  stream.launch("alone", {}, [&] { spin(1'000'000); });
  const LaunchColumns columns = drain_counters();
  REQUIRE(columns.name.size() == 3);
  const double alone = 1.0 / static_cast<double>(workers());
  CHECK(columns.occupancy[2] == doctest::Approx(alone).epsilon(0.01));
  if (workers() > 1) {
    CHECK(columns.occupancy[1] > alone * 1.2);
  }
  CHECK(columns.occupancy[1] <= 1.0);
}

TEST_CASE("counters serve one at a time") {
  const Counting counting;
  CHECK_THROWS_AS(start_counters(10), Error);
}

TEST_CASE("no rows at all can not be asked for") { CHECK_THROWS_AS(start_counters(0), Error); }

}  // namespace
}  // namespace assay
