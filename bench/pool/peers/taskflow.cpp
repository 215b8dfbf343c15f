#include <taskflow/algorithm/for_each.hpp>
#include <taskflow/taskflow.hpp>

#include "work.h"

namespace bench {
namespace {

tf::Executor& executor() {
  static auto* const two = new tf::Executor(2);
  return *two;
}

long fib_of(long n) {
  if (n < 2) {
    return n;
  }
  long left = 0;
  tf::TaskGroup group = executor().task_group();
  group.silent_async([&left, n] { left = fib_of(n - 1); });
  const long right = fib_of(n - 2);
  group.corun();
  return left + right;
}

long skynet_of(long first, long size) {
  if (size == 1) {
    return first;
  }
  std::array<long, 10> sums;
  tf::TaskGroup group = executor().task_group();
  for (long child = 0; child < 10; ++child) {
    group.silent_async(
        [&sums, child, first, size] { sums[child] = skynet_of(first + child * (size / 10), size / 10); });
  }
  group.corun();
  long sum = 0;
  for (const long part : sums) {
    sum += part;
  }
  return sum;
}

long nqueens_of(const Board& board) {
  if (board.full()) {
    return 1;
  }
  std::array<long, Board::SIZE> counts{};
  tf::TaskGroup group = executor().task_group();
  for (int column = 0; column < Board::SIZE; ++column) {
    if (board.free_at(column)) {
      group.silent_async([&counts, column, next = board.with(column)] { counts[column] = nqueens_of(next); });
    }
  }
  group.corun();
  long count = 0;
  for (const long part : counts) {
    count += part;
  }
  return count;
}

// Task groups exist on the executor's own threads only.
long fib(long n) {
  return executor().async([=] { return fib_of(n); }).get();
}

long skynet(long first, long size) {
  return executor().async([=] { return skynet_of(first, size); }).get();
}

long nqueens(const Board& board) {
  return executor().async([=] { return nqueens_of(board); }).get();
}

template <class Body>
void run_loop(long count, Body body) {
  tf::Taskflow flow;
  flow.for_each_index(0L, count, 1L, body, tf::DynamicPartitioner(1));
  executor().run(flow).wait();
}

void flat(long count) {
  run_loop(count, [](long i) { touch(i); });
}

void tasks(long count) {
  executor()
      .async([=] {
        tf::TaskGroup group = executor().task_group();
        for (long i = 0; i < count; ++i) {
          group.silent_async([i] { touch(i); });
        }
        group.corun();
      })
      .get();
}

// Built once: a region that is run again and again is a graph to Taskflow.
void region() {
  static auto* const flow = [] {
    auto* const two = new tf::Taskflow;
    two->emplace([] { touch(0); }, [] { touch(1); });
    return two;
  }();
  executor().run(*flow).wait();
}

void meeting(std::atomic<int>& arrived) {
  tf::Taskflow flow;
  flow.emplace([&] { meet(arrived); }, [&] { meet(arrived); });
  executor().run(flow).wait();
}

const Pool POOL{"Taskflow", fib, skynet, nqueens, flat, tasks, region, meeting};
const Entry ENTRY(POOL);

}  // namespace
}  // namespace bench
