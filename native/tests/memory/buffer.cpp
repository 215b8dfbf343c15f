#include "assay/runtime/buffer.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace assay {
namespace {

constexpr std::int64_t MIB = std::int64_t{1} << 20;

// TSan ends a child of a process with threads as soon as it starts a thread of its own.
#if defined(__SANITIZE_THREAD__)
constexpr bool FORK_IS_TESTED = false;
#else
constexpr bool FORK_IS_TESTED = true;
#endif

// Sets the limits for a test and puts the former ones back.
class Limited {
 public:
  Limited(std::int64_t memory_bytes, std::int64_t compressed_bytes, std::int64_t spill_bytes)
      : before_(memory_limits()) {
    trim();
    MemoryLimits limits = before_;
    limits.memory_bytes = memory_statistics().resident_bytes + memory_bytes;
    limits.compressed_bytes = compressed_bytes;
    limits.spill_bytes = spill_bytes;
    limits.spill_folder = spill_bytes > 0 ? "/tmp" : "";
    set_memory_limits(limits);
  }
  Limited(const Limited&) = delete;
  Limited& operator=(const Limited&) = delete;
  ~Limited() { set_memory_limits(before_); }

 private:
  MemoryLimits before_;
};

enum class Pattern { same, words, noise };

void fill(std::span<std::byte> bytes, Pattern pattern, unsigned seed) {
  std::mt19937 random(seed);
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    const auto value = static_cast<std::uint32_t>(pattern == Pattern::same    ? seed
                                                  : pattern == Pattern::words ? random() & 0x0f0f'0f0fU
                                                                              : random());
    std::memcpy(&bytes[i], &value, 4);
  }
}

std::span<std::byte> span_of(const Pin& pin) { return {pin.data(), static_cast<std::size_t>(pin.bytes())}; }

void write(Buffer& buffer, Pattern pattern, unsigned seed) {
  const Pin pin = buffer.pin();
  fill(span_of(pin), pattern, seed);
}

bool holds(Buffer& buffer, Pattern pattern, unsigned seed) {
  std::vector<std::byte> expected(static_cast<std::size_t>(buffer.bytes()));
  const Pin pin = buffer.pin(Access::read);
  std::ranges::copy(span_of(pin).last(expected.size() % 4), expected.end() - static_cast<int>(expected.size() % 4));
  fill(expected, pattern, seed);
  return std::ranges::equal(expected, span_of(pin));
}

void check_round_trip(Pattern pattern, std::int64_t compressed_bytes, std::int64_t spill_bytes, Tier tier) {
  const Limited limited(64 * MIB, compressed_bytes, spill_bytes);
  for (const std::int64_t bytes : {std::int64_t{5}, std::int64_t{4096}, 300'001 + MIB, 5 * MIB}) {
    Buffer buffer(bytes);
    CHECK(buffer.tier() == Tier::nowhere);
    write(buffer, pattern, 3);
    CHECK(buffer.tier() == Tier::memory);
    REQUIRE(buffer.evict());
    if (bytes > 4096) {
      CHECK(buffer.tier() == tier);
    }
    CHECK(holds(buffer, pattern, 3));
    REQUIRE(buffer.evict());
    CHECK(holds(buffer, pattern, 3));
  }
}

TEST_CASE("bytes return from each tier as they were") {
  check_round_trip(Pattern::same, 64 * MIB, 64 * MIB, Tier::compressed);
  check_round_trip(Pattern::words, 64 * MIB, 64 * MIB, Tier::compressed);
  check_round_trip(Pattern::noise, 64 * MIB, 64 * MIB, Tier::spill);
  check_round_trip(Pattern::words, 0, 64 * MIB, Tier::spill);
}

TEST_CASE("what lower tiers hold is given back with the buffers") {
  const MemoryStatistics after = memory_statistics();
  CHECK(after.buffer_bytes == 0);
  CHECK(after.compressed_bytes == 0);
  CHECK(after.compressed_from_bytes == 0);
  CHECK(after.spill_bytes == 0);
}

TEST_CASE("a working set of four times the limit comes through") {
  const Limited limited(8 * MIB, 8 * MIB, 64 * MIB);
  std::vector<Buffer> buffers;
  for (unsigned i = 0; i < 32; ++i) {
    buffers.emplace_back(MIB, "b" + std::to_string(i));
    write(buffers.back(), i % 2 == 0 ? Pattern::noise : Pattern::words, i);
  }
  for (int round = 0; round < 3; ++round) {
    for (unsigned i = 0; i < 32; ++i) {
      REQUIRE(holds(buffers[i], i % 2 == 0 ? Pattern::noise : Pattern::words, i));
      REQUIRE(memory_statistics().resident_bytes <= memory_limits().memory_bytes);
      REQUIRE(memory_statistics().compressed_bytes <= memory_limits().compressed_bytes);
    }
  }
  CHECK(memory_statistics().free_evictions > 0);
}

TEST_CASE("the buffer that was used longest ago leaves first, and pinned ones stay") {
  const Limited limited(3 * MIB, 64 * MIB, 0);
  Buffer first(MIB);
  Buffer second(MIB);
  Buffer third(MIB);
  for (Buffer* const buffer : {&first, &second, &third}) {
    write(*buffer, Pattern::same, 1);
  }
  (void)first.pin();
  const Pin kept = third.pin();
  Buffer fourth(MIB);
  write(fourth, Pattern::same, 4);
  CHECK(second.tier() == Tier::compressed);
  CHECK(first.tier() == Tier::memory);
  Buffer fifth(2 * MIB);
  write(fifth, Pattern::same, 5);
  CHECK(third.tier() == Tier::memory);
  CHECK(third.pins() == 1);
  CHECK_FALSE(third.evict());
}

TEST_CASE("OutOfMemory names the holders and the way out") {
  const Limited limited(4 * MIB, 0, 0);
  Buffer weights(3 * MIB, "weights");
  const Pin pin = weights.pin();
  Buffer more(2 * MIB, "more");
  std::string message;
  try {
    (void)more.pin();
  } catch (const OutOfMemory& error) {
    message = error.what();
  }
  CHECK(message.find("'more'") != std::string::npos);
  CHECK(message.find("'weights' 3.0 MiB pinned") != std::string::npos);
  CHECK(message.find("spill folder") != std::string::npos);
  CHECK_THROWS_AS((void)allocate(64 * MIB), OutOfMemory);
}

TEST_CASE("blocks push buffers out, too") {
  const Limited limited(8 * MIB, 64 * MIB, 0);
  Buffer buffer(6 * MIB);
  write(buffer, Pattern::words, 2);
  void* const block = allocate(5 * MIB);
  CHECK(buffer.tier() == Tier::compressed);
  deallocate(block);
  CHECK(holds(buffer, Pattern::words, 2));
}

TEST_CASE("a buffer begins as zeros where that was asked for") {
  const Limited limited(64 * MIB, 64 * MIB, 0);
  Buffer dirty(3 * MIB);
  write(dirty, Pattern::noise, 1);
  dirty = Buffer(0);
  Buffer buffer(3 * MIB, "", Contents::zero);
  CHECK(holds(buffer, Pattern::same, 0));
}

TEST_CASE("a prefetched buffer comes back by itself") {
  const Limited limited(64 * MIB, 64 * MIB, 0);
  Buffer buffer(MIB);
  write(buffer, Pattern::words, 9);
  REQUIRE(buffer.evict());
  const std::int64_t before = memory_statistics().prefetches;
  buffer.prefetch();
  while (memory_statistics().prefetches == before) {
    std::this_thread::yield();
  }
  CHECK(buffer.tier() == Tier::memory);
  CHECK(holds(buffer, Pattern::words, 9));
}

TEST_CASE("threads that pin, write and prefetch under pressure lose nothing") {
  const Limited limited(6 * MIB, 6 * MIB, 64 * MIB);
  constexpr std::int64_t bytes = MIB / 2;
  std::vector<Buffer> buffers;
  for (int i = 0; i < 24; ++i) {
    buffers.emplace_back(bytes, "", Contents::zero);
  }
  std::atomic<int> torn{0};
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        std::mt19937 random(t);
        for (int step = 0; step < 60; ++step) {
          buffers[random() % buffers.size()].prefetch();
          // A thread writes its own buffers and reads all of them at a place that never changes.
          Buffer& own = buffers[(random() % (buffers.size() / 3)) * 3 + t];
          {
            const Pin pin = own.pin();
            const auto first = static_cast<unsigned char>(pin.data()[64]);
            for (std::int64_t i = 64; i < bytes; i += 4096) {
              torn += static_cast<unsigned char>(pin.data()[i]) == first ? 0 : 1;
              pin.data()[i] = static_cast<std::byte>(first + 1);
            }
          }
          const Pin other = buffers[random() % buffers.size()].pin(Access::read);
          torn += other.data()[0] == std::byte{0} ? 0 : 1;
        }
      });
    }
  }
  CHECK(torn == 0);
}

TEST_CASE("a full spill file is no loss") {
  const Limited limited(4 * MIB, 0, 2 * MIB);
  std::vector<Buffer> buffers;
  bool refused = false;
  for (unsigned i = 0; i < 8 && !refused; ++i) {
    buffers.emplace_back(MIB, "b");
    try {
      write(buffers.back(), Pattern::noise, i);
    } catch (const OutOfMemory& error) {
      refused = std::string(error.what()).find("spill file is full") != std::string::npos;
      buffers.pop_back();
    }
  }
  CHECK(refused);
  CHECK(buffers.size() == 6);
  buffers.pop_back();  // room to exchange the others in
  for (unsigned i = 0; i < buffers.size(); ++i) {
    CHECK(holds(buffers[i], Pattern::noise, i));
  }
}

TEST_CASE("a limit of the system on files is no loss and no signal" * doctest::skip(!FORK_IS_TESTED)) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{.rlim_cur = 1 << 20, .rlim_max = 1 << 20};
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, SIG_DFL);
    const Limited limited(4 * MIB, 0, 64 * MIB);
    Buffer first(2 * MIB);
    write(first, Pattern::noise, 1);
    Buffer second(3 * MIB);
    bool refused = false;
    try {
      (void)second.pin();
    } catch (const OutOfMemory&) {
      refused = true;
    }
    _exit(refused && holds(first, Pattern::noise, 1) ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

TEST_CASE("limits that can't be right change nothing") {
  const MemoryLimits before = memory_limits();
  MemoryLimits limits = before;
  limits.memory_bytes = 0;
  CHECK_THROWS_AS(set_memory_limits(limits), Error);
  limits = before;
  limits.spill_bytes = MIB;
  limits.spill_folder = "/nonexistent";
  CHECK_THROWS_AS(set_memory_limits(limits), Error);
  CHECK(memory_limits().memory_bytes == before.memory_bytes);
  CHECK_THROWS_AS(Buffer(-1), Error);
}

TEST_CASE("a child of fork reads, writes and moves the buffers it inherits" * doctest::skip(!FORK_IS_TESTED)) {
  const Limited limited(4 * MIB, 4 * MIB, 64 * MIB);
  std::vector<Buffer> buffers;
  for (unsigned i = 0; i < 16; ++i) {
    buffers.emplace_back(MIB);
    write(buffers.back(), i % 2 == 0 ? Pattern::noise : Pattern::words, i);
  }
  const pid_t child = fork();
  if (child == 0) {
    bool right = true;
    for (unsigned i = 0; i < 16; ++i) {
      right = right && holds(buffers[i], i % 2 == 0 ? Pattern::noise : Pattern::words, i);
      write(buffers[i], Pattern::noise, 100 + i);
    }
    for (unsigned i = 0; i < 16; ++i) {
      right = right && holds(buffers[i], Pattern::noise, 100 + i);
    }
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  for (unsigned i = 0; i < 16; ++i) {
    CHECK(holds(buffers[i], i % 2 == 0 ? Pattern::noise : Pattern::words, i));
  }
}

}  // namespace
}  // namespace assay
