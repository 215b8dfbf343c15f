#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

#include "work.h"

namespace bench {
namespace {

using std::chrono::steady_clock;

double ns_since(steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(steady_clock::now() - start).count();
}

// Threads of the pool measured before may still be spinning: only when they have given up is the machine this pool's.
void let_others_sleep() { std::this_thread::sleep_for(std::chrono::milliseconds(8)); }

// The fastest of a few runs: a machine with other work on it disturbs most of them.
template <class Work>
double each_ns(long tasks, Work work) {
  work();
  double fastest_ns = std::numeric_limits<double>::infinity();
  for (int run = 0; run < 7; ++run) {
    const auto start = steady_clock::now();
    work();
    fastest_ns = std::min(fastest_ns, ns_since(start));
  }
  return fastest_ns / static_cast<double>(tasks);
}

template <class Work>
double after_sleep_ns(Work work) {
  double fastest_ns = std::numeric_limits<double>::infinity();
  for (int run = 0; run < 7; ++run) {
    let_others_sleep();
    const auto start = steady_clock::now();
    work();
    fastest_ns = std::min(fastest_ns, ns_since(start));
  }
  return fastest_ns;
}

void require(bool right, std::string_view what) {
  if (!right) {
    std::fprintf(stderr, "%s: wrong answer\n", std::string(what).c_str());
    std::abort();
  }
}

double measure(const Pool& pool, std::string_view work) {
  let_others_sleep();
  if (work == "fib") {
    return each_ns(FIB_TASKS, [&] { require(pool.fib(FIB_N) == FIB_ANSWER, work); });
  }
  if (work == "skynet") {
    return each_ns(SKYNET_TASKS, [&] { require(pool.skynet(0, SKYNET_LEAVES) == SKYNET_ANSWER, work); });
  }
  if (work == "nqueens") {
    return each_ns(Board::TASKS, [&] { require(pool.nqueens({}) == Board::SOLUTIONS, work); });
  }
  if (work == "flat") {
    return each_ns(FLAT_TASKS, [&] { pool.flat(FLAT_TASKS); });
  }
  if (work == "tasks") {
    return each_ns(FLAT_TASKS, [&] { pool.tasks(FLAT_TASKS); });
  }
  if (work == "region") {
    return each_ns(1000, [&] {
      for (int i = 0; i < 1000; ++i) {
        pool.region();
      }
    });
  }
  if (work == "wake") {
    return after_sleep_ns([&] { pool.region(); });
  }
  if (work == "meeting") {
    return after_sleep_ns([&] {
      std::atomic<int> arrived{0};
      pool.meeting(arrived);
    });
  }
  return std::nan("");
}

}  // namespace
}  // namespace bench

// Nanoseconds a task; NaN for a pool that was not built in, and for unknown work.
extern "C" __attribute__((visibility("default"))) double pool_bench(const char* pool, const char* work) {
  for (const bench::Entry* entry = bench::Entry::first; entry != nullptr; entry = entry->next) {
    if (entry->pool.name == pool) {
      return bench::measure(entry->pool, work);
    }
  }
  return std::nan("");
}

extern "C" __attribute__((visibility("default"))) int pool_bench_has(const char* pool) {
  for (const bench::Entry* entry = bench::Entry::first; entry != nullptr; entry = entry->next) {
    if (entry->pool.name == pool) {
      return 1;
    }
  }
  return 0;
}
