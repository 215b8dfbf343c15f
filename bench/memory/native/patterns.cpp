// One pattern of allocation, timed: `patterns <allocator> <pattern> <repetitions>` prints nanoseconds per operation of
// each repetition, an operation being one allocation or one release, and then the page faults of the last. Time is that
// of the thread, where one thread does it all: a busy machine disturbs it least. `ours` is the vGPU's allocator;
// `malloc` is whatever malloc the process has, so that a peer is measured by preloading it. All are called through
// pointers.

#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <thread>
#include <vector>

#include "assay/runtime/memory.h"

namespace {

struct Allocator {
  void* (*take)(std::size_t bytes);
  void (*give)(void* block);
};

void* ours_take(std::size_t bytes) { return assay::allocate(static_cast<std::int64_t>(bytes), 16); }
void* lines_take(std::size_t bytes) { return assay::allocate(static_cast<std::int64_t>(bytes)); }

struct Random {
  std::uint64_t state = 0x9e37'79b9'7f4a'7c15;
  std::uint64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  }
};

// 100 blocks of 64 bytes, given back last in first out. Two operations a block.
std::int64_t stack_of_64(const Allocator& allocator) {
  constexpr int rounds = 5'000;
  void* blocks[100];
  for (int round = 0; round < rounds; ++round) {
    for (void*& block : blocks) {
      block = allocator.take(64);
    }
    for (int i = 99; i >= 0; --i) {
      allocator.give(blocks[i]);
    }
  }
  return std::int64_t{rounds} * 200;
}

// 2,000 slots, one at random given back and taken anew with a size of 16 to 1,024 bytes, small ones likelier.
std::int64_t mixed_small(const Allocator& allocator) {
  constexpr int steps = 500'000;
  std::vector<void*> slots(2'000);
  Random random;
  for (int step = 0; step < steps; ++step) {
    const std::uint64_t bits = random.next();
    void*& slot = slots[bits % 2'000];
    if (slot != nullptr) {
      allocator.give(slot);
    }
    const std::size_t bytes = 16 + ((bits >> 32) & 1023) % (std::size_t{16} << ((bits >> 44) % 7));
    slot = allocator.take(bytes);
    *static_cast<char*>(slot) = 1;
  }
  for (void* const slot : slots) {
    allocator.give(slot);
  }
  return std::int64_t{steps} * 2;
}

// Tensors of 2 to 16 MiB, written over and given back: what counts is whether pages fault again.
std::int64_t reused_tensors(const Allocator& allocator) {
  constexpr int rounds = 6;
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t mib = 2; mib <= 16; mib *= 2) {
      char* const tensor = static_cast<char*>(allocator.take(mib << 20));
      for (std::size_t i = 0; i < mib << 20; i += 4096) {
        tensor[i] = 1;
      }
      allocator.give(tensor);
    }
  }
  return rounds * 8;
}

// Blocks of 256 bytes made by one thread, given back by another.
std::int64_t handed_over(const Allocator& allocator) {
  constexpr int rounds = 40;
  constexpr std::size_t count = 4'000;
  std::vector<void*> blocks(count);
  for (int round = 0; round < rounds; ++round) {
    for (void*& block : blocks) {
      block = allocator.take(256);
    }
    std::thread([&] {
      for (void* const block : blocks) {
        allocator.give(block);
      }
    }).join();
  }
  return std::int64_t{rounds} * static_cast<std::int64_t>(count) * 2;
}

struct Pattern {
  std::string_view name;
  std::int64_t (*run)(const Allocator& allocator);
  clockid_t clock;
};

constexpr Pattern PATTERNS[] = {
    {"stack-of-64", stack_of_64, CLOCK_THREAD_CPUTIME_ID},
    {"mixed-small", mixed_small, CLOCK_THREAD_CPUTIME_ID},
    {"reused-tensors", reused_tensors, CLOCK_THREAD_CPUTIME_ID},
    {"handed-over", handed_over, CLOCK_PROCESS_CPUTIME_ID},
};

double now_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double ns_per_operation(const Pattern& pattern, const Allocator& allocator) {
  const double start_ns = now_ns(pattern.clock);
  const std::int64_t operations = pattern.run(allocator);
  return (now_ns(pattern.clock) - start_ns) / static_cast<double>(operations);
}

long page_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    return 2;
  }
  const std::string_view name = arguments[1];
  volatile Allocator chosen = {std::malloc, std::free};
  if (name != "malloc") {
    chosen.take = name == "ours" ? ours_take : lines_take;
    chosen.give = assay::deallocate;
  }
  const Allocator allocator = {chosen.take, chosen.give};
  for (const Pattern& pattern : PATTERNS) {
    if (pattern.name != arguments[2]) {
      continue;
    }
    pattern.run(allocator);
    for (int i = std::atoi(arguments[3]); i > 0; --i) {
      std::printf("%.4f\n", ns_per_operation(pattern, allocator));
    }
    const long before = page_faults();
    pattern.run(allocator);
    std::printf("%ld faults\n", page_faults() - before);
    return 0;
  }
  return 2;
}
