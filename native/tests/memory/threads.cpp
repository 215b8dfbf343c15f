#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "assay/runtime/memory.h"

namespace assay {
namespace {

struct Marked {
  unsigned char* block;
  std::int64_t bytes;
};

Marked marked(std::int64_t bytes) {
  auto* const block = static_cast<unsigned char*>(allocate(bytes));
  const auto mark = static_cast<unsigned char>(bytes % 251);
  block[0] = mark;
  block[bytes - 1] = mark;
  return {block, bytes};
}

bool intact(const Marked& given) {
  const auto mark = static_cast<unsigned char>(given.bytes % 251);
  return given.block[0] == mark && given.block[given.bytes - 1] == mark;
}

// Takes, gives, and swaps blocks with the other threads through a shared shelf.
class Shelf {
 public:
  void work(unsigned seed, int steps) {
    std::mt19937 random(seed);
    for (int step = 0; step < steps; ++step) {
      Marked mine = marked(1 + random() % (1U << (1 + random() % 18)));
      {
        const std::scoped_lock lock(mutex_);
        std::swap(mine, places_[random() % places_.size()]);
      }
      give(mine);
    }
  }

  void clear() {
    for (Marked& place : places_) {
      give(place);
      place = {};
    }
  }

  std::atomic<int> damaged{0};

 private:
  void give(const Marked& given) {
    if (given.block != nullptr) {
      damaged += intact(given) ? 0 : 1;
      deallocate(given.block);
    }
  }

  std::mutex mutex_;
  std::vector<Marked> places_{200};
};

TEST_CASE("blocks wander between threads that come and go") {
  const std::int64_t before = block_statistics().small_live_bytes;
  Shelf shelf;
  for (unsigned wave = 0; wave < 4; ++wave) {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 4; ++i) {
      threads.emplace_back([&shelf, wave, i] { shelf.work(wave * 10 + i, 1'500); });
    }
  }
  shelf.clear();
  trim();
  CHECK(shelf.damaged == 0);
  CHECK(block_statistics().small_live_bytes == before);
  CHECK(block_statistics().idle_bytes == 0);
}

TEST_CASE("a thread that ends leaves its heap to the next") {
  std::thread([] { deallocate(allocate(100)); }).join();
  const std::int64_t heaps = block_statistics().heaps;
  for (int i = 0; i < 20; ++i) {
    std::thread([] { deallocate(allocate(100)); }).join();
  }
  CHECK(block_statistics().heaps == heaps);
}

struct AtTheEnd {
  AtTheEnd() = default;
  AtTheEnd(const AtTheEnd&) = delete;
  AtTheEnd& operator=(const AtTheEnd&) = delete;
  ~AtTheEnd() {
    deallocate(block);
    deallocate(allocate(100));
    deallocate(allocate(4 << 20));
  }
  void* block = nullptr;
};
thread_local AtTheEnd at_the_end;

TEST_CASE("destructors of a thread's own objects may still allocate and free") {
  const std::int64_t before = block_statistics().small_live_bytes;
  std::thread([] {
    (void)&at_the_end;
    at_the_end.block = allocate(1000);
  }).join();
  trim();
  CHECK(block_statistics().small_live_bytes == before);
}

TEST_CASE("a large block that is used again takes no page faults") {
  constexpr std::int64_t bytes = std::int64_t{8} << 20;
  const auto touch = [] {
    void* const block = allocate(bytes);
    std::memset(block, 1, bytes);
    deallocate(block);
  };
  touch();
  rusage before{};
  getrusage(RUSAGE_THREAD, &before);
  for (int i = 0; i < 10; ++i) {
    touch();
  }
  rusage after{};
  getrusage(RUSAGE_THREAD, &after);
  // Sanitizers touch shadow memory of their own.
  CHECK(after.ru_minflt - before.ru_minflt < 20);
}

int status_of_child(void (*work)()) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST_CASE("a child of fork allocates and frees while the parent's threads do, too") {
  Shelf shelf;
  std::atomic<bool> stop{false};
  std::jthread busy([&] {
    for (unsigned seed = 0; !stop; ++seed) {
      shelf.work(seed, 20);
    }
  });
  for (int i = 0; i < 20; ++i) {
    REQUIRE(status_of_child([] {
              Shelf own;
              own.work(1, 50);
              own.clear();
              void* const large = allocate(3 << 20);
              std::memset(large, 1, 3 << 20);
              deallocate(large);
              trim();
              _exit(own.damaged == 0 ? 0 : 1);
            }) == 0);
  }
  stop = true;
  busy.join();
  shelf.clear();
}

}  // namespace
}  // namespace assay
