#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_group.h>

#include "work.h"

namespace bench {
namespace {

void two_threads() { static const tbb::global_control control(tbb::global_control::max_allowed_parallelism, 2); }

long fib_of(long n) {
  if (n < 2) {
    return n;
  }
  long left = 0;
  tbb::task_group group;
  group.run([&left, n] { left = fib_of(n - 1); });
  const long right = fib_of(n - 2);
  group.wait();
  return left + right;
}

long skynet_of(long first, long size) {
  if (size == 1) {
    return first;
  }
  std::array<long, 10> sums;
  tbb::task_group group;
  for (long child = 0; child < 10; ++child) {
    group.run([&sums, child, first, size] { sums[child] = skynet_of(first + child * (size / 10), size / 10); });
  }
  group.wait();
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
  tbb::task_group group;
  for (int column = 0; column < Board::SIZE; ++column) {
    if (board.free_at(column)) {
      group.run([&counts, column, next = board.with(column)] { counts[column] = nqueens_of(next); });
    }
  }
  group.wait();
  long count = 0;
  for (const long part : counts) {
    count += part;
  }
  return count;
}

long fib(long n) {
  two_threads();
  return fib_of(n);
}

long skynet(long first, long size) {
  two_threads();
  return skynet_of(first, size);
}

long nqueens(const Board& board) {
  two_threads();
  return nqueens_of(board);
}

void flat(long count) {
  two_threads();
  tbb::parallel_for(
      tbb::blocked_range<long>(0, count),
      [](const tbb::blocked_range<long>& range) {
        for (long i = range.begin(); i < range.end(); ++i) {
          touch(i);
        }
      },
      tbb::simple_partitioner());
}

void tasks(long count) {
  two_threads();
  tbb::task_group group;
  for (long i = 0; i < count; ++i) {
    group.run([i] { touch(i); });
  }
  group.wait();
}

void region() {
  two_threads();
  tbb::parallel_for(0L, 2L, [](long i) { touch(i); });
}

void meeting(std::atomic<int>& arrived) {
  two_threads();
  tbb::parallel_for(0L, 2L, [&](long) { meet(arrived); });
}

const Pool POOL{"oneTBB", fib, skynet, nqueens, flat, tasks, region, meeting};
const Entry ENTRY(POOL);

}  // namespace
}  // namespace bench
