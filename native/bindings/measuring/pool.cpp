// Work of no content for the pool: what a task, a piece of a loop and a region cost.

#include "../methods.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/spawn.h"

namespace assay::python {
namespace {

constexpr std::int64_t MOST_FIB = 35;

// The compiler can't leave it out.
void touch(std::int64_t value) { asm volatile("" : : "r"(value)); }

std::int64_t fib(std::int64_t n) {
  if (n < 2) {
    return n;
  }
  std::int64_t left = 0;
  auto task = spawn([&left, n] { left = fib(n - 1); });
  const std::int64_t right = fib(n - 2);
  task.sync();
  return left + right;
}

std::int64_t pool_fib(std::int64_t n) {
  if (n < 0 || n > MOST_FIB) {
    throw Error(ErrorKind::usage, "n is " + std::to_string(n) + ", not 0 to " + std::to_string(MOST_FIB));
  }
  return fib(n);
}

void pool_loop(std::int64_t pieces, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) {
    parallel_for(pieces, 1, [](std::int64_t begin, std::int64_t) { touch(begin); });
  }
}

const Methods methods{
    bind<&pool_fib, "pool_fib", Gil::released>("A Fibonacci number, with a task for each of the larger halves."),
    bind<&pool_loop, "pool_loop", Gil::released>("Runs a loop of so many empty pieces, so many times."),
};

}  // namespace
}  // namespace assay::python
