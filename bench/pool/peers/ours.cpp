#include "assay/runtime/parallel.h"
#include "assay/runtime/task_group.h"
#include "work.h"

namespace bench {
namespace {

using assay::parallel_for;
using assay::spawn;
using assay::TaskGroup;

long fib(long n) {
  if (n < 2) {
    return n;
  }
  long left = 0;
  auto spawned = spawn([&left, n] { left = fib(n - 1); });
  const long right = fib(n - 2);
  spawned.sync();
  return left + right;
}

long skynet(long first, long size) {
  if (size == 1) {
    return first;
  }
  std::array<long, 10> sums;
  TaskGroup group;
  for (long child = 0; child < 10; ++child) {
    group.spawn([&sums, child, first, size] { sums[child] = skynet(first + child * (size / 10), size / 10); });
  }
  group.sync();
  long sum = 0;
  for (const long part : sums) {
    sum += part;
  }
  return sum;
}

long nqueens(const Board& board) {
  if (board.full()) {
    return 1;
  }
  std::array<long, Board::SIZE> counts{};
  TaskGroup group;
  for (int column = 0; column < Board::SIZE; ++column) {
    if (board.free_at(column)) {
      group.spawn([&counts, column, next = board.with(column)] { counts[column] = nqueens(next); });
    }
  }
  group.sync();
  long count = 0;
  for (const long part : counts) {
    count += part;
  }
  return count;
}

void flat(long count) {
  parallel_for(count, 1, [](long begin, long end) {
    for (long i = begin; i < end; ++i) {
      touch(i);
    }
  });
}

void tasks(long count) {
  TaskGroup group;
  for (long i = 0; i < count; ++i) {
    group.spawn([i] { touch(i); });
  }
  group.sync();
}

void region() {
  parallel_for(2, 1, [](long begin, long) { touch(begin); });
}

void meeting(std::atomic<int>& arrived) {
  parallel_for(2, 1, [&](long, long) { meet(arrived); });
}

const Pool POOL{"ours", fib, skynet, nqueens, flat, tasks, region, meeting};
const Entry ENTRY(POOL);

}  // namespace
}  // namespace bench
