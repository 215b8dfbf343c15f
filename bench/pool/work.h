// The workloads, which every pool runs in its own idiom, and how one of them is timed.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>

namespace bench {

// Every function does the work once on two threads. One that returns a number counts something, which is checked.
struct Pool {
  std::string_view name;
  long (*fib)(long n);                         // a task for each fib(n - 1)
  long (*skynet)(long first, long size);       // ten tasks a node; sums the leaves
  long (*nqueens)(const struct Board&);        // a task a placed queen; counts the solutions
  void (*flat)(long count);                    // `count` pieces of no work, each handed out alone
  void (*tasks)(long count);                   // as many tasks of no work
  void (*region)();                            // two tasks of no work
  void (*meeting)(std::atomic<int>& arrived);  // two tasks that each wait for the other: see meet()
};

// Pools register themselves: which are there depends on what is installed.
struct Entry {
  explicit Entry(const Pool& of) : pool(of), next(first) { first = this; }

  const Pool& pool;
  Entry* next;
  static inline Entry* first = nullptr;
};

constexpr long FIB_N = 25;
constexpr long FIB_TASKS = 121'392;
constexpr long FIB_ANSWER = 75'025;
constexpr long SKYNET_LEAVES = 100'000;
constexpr long SKYNET_TASKS = 111'110;
constexpr long SKYNET_ANSWER = 4'999'950'000;
constexpr long FLAT_TASKS = 50'000;

// Columns and diagonals that are taken, a bit for each field of the next row.
struct Board {
  static constexpr int SIZE = 10;
  static constexpr long SOLUTIONS = 724;
  static constexpr long TASKS = 35'538;

  [[nodiscard]] bool full() const noexcept { return columns == (1U << SIZE) - 1; }
  [[nodiscard]] bool free_at(int column) const noexcept {
    return (((columns | rising | falling) >> static_cast<unsigned>(column)) & 1U) == 0;
  }
  [[nodiscard]] Board with(int column) const noexcept {
    const unsigned queen = 1U << static_cast<unsigned>(column);
    return {columns | queen, (rising | queen) << 1U, (falling | queen) >> 1U};
  }

  unsigned columns = 0;
  unsigned rising = 0;
  unsigned falling = 0;
};

// What the compiler can't leave out.
inline void touch(long value) { asm volatile("" : : "r"(value)); }

// Returns once both have arrived.
inline void meet(std::atomic<int>& arrived) {
  ++arrived;
  while (arrived < 2) {
  }
}

}  // namespace bench
