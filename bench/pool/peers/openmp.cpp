#include "work.h"

namespace bench {
namespace {

long fib_of(long n) {
  if (n < 2) {
    return n;
  }
  long left = 0;
#pragma omp task shared(left) firstprivate(n)
  left = fib_of(n - 1);
  const long right = fib_of(n - 2);
#pragma omp taskwait
  return left + right;
}

long skynet_of(long first, long size) {
  if (size == 1) {
    return first;
  }
  std::array<long, 10> sums;
  for (long child = 0; child < 10; ++child) {
#pragma omp task shared(sums) firstprivate(child, first, size)
    sums[child] = skynet_of(first + child * (size / 10), size / 10);
  }
#pragma omp taskwait
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
  for (int column = 0; column < Board::SIZE; ++column) {
    if (board.free_at(column)) {
      const Board next = board.with(column);
#pragma omp task shared(counts) firstprivate(column, next)
      counts[column] = nqueens_of(next);
    }
  }
#pragma omp taskwait
  long count = 0;
  for (const long part : counts) {
    count += part;
  }
  return count;
}

template <class Work>
long from_one(Work work) {
  long answer = 0;
#pragma omp parallel num_threads(2)
#pragma omp single
  answer = work();
  return answer;
}

long fib(long n) {
  return from_one([=] { return fib_of(n); });
}

long skynet(long first, long size) {
  return from_one([=] { return skynet_of(first, size); });
}

long nqueens(const Board& board) {
  return from_one([&] { return nqueens_of(board); });
}

void flat(long count) {
#pragma omp parallel for num_threads(2) schedule(dynamic)
  for (long i = 0; i < count; ++i) {
    touch(i);
  }
}

void tasks(long count) {
  from_one([=] {
    for (long i = 0; i < count; ++i) {
#pragma omp task firstprivate(i)
      touch(i);
    }
#pragma omp taskwait
    return 0L;
  });
}

void region() {
#pragma omp parallel for num_threads(2)
  for (long i = 0; i < 2; ++i) {
    touch(i);
  }
}

void meeting(std::atomic<int>& arrived) {
#pragma omp parallel for num_threads(2)
  for (int i = 0; i < 2; ++i) {
    meet(arrived);
  }
}

const Pool POOL{"OpenMP", fib, skynet, nqueens, flat, tasks, region, meeting};
const Entry ENTRY(POOL);

}  // namespace
}  // namespace bench
