#include <algorithm>
#include <barrier>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "assay/core/clock.h"
#include "assay/core/error.h"
#include "assay/kernels/ceiling.h"
#include "assay/runtime/memory.h"

namespace assay {
namespace {

struct Freed {
  void operator()(std::byte* block) const noexcept { deallocate(block); }
};
using Block = std::unique_ptr<std::byte, Freed>;

Block touched(std::int64_t bytes) {
  Block block(static_cast<std::byte*>(allocate(bytes, 4096)));
  std::memset(block.get(), 1, static_cast<std::size_t>(bytes));
  return block;
}

// The shortest of some tries: all threads begin work() together, and the time is that of the last to end. Each calls
// prepare() before.
template <class Prepare, class Work>
std::int64_t shortest_ns(std::int64_t threads, std::int64_t tries, const Prepare& prepare, const Work& work) {
  std::barrier start(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::int64_t> began(static_cast<std::size_t>(threads * tries));
  std::vector<std::int64_t> ended(began.size());
  const auto body = [&](std::int64_t thread) {
    const auto prepared = prepare();
    for (std::int64_t attempt = 0; attempt < tries; ++attempt) {
      const auto place = static_cast<std::size_t>(attempt * threads + thread);
      start.arrive_and_wait();
      began[place] = monotonic_ns();
      work(prepared);
      ended[place] = monotonic_ns();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::int64_t thread = 1; thread < threads; ++thread) {
      others.emplace_back(body, thread);
    }
    body(0);
  }
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (auto first = began.begin(), last = ended.begin(); first != began.end(); first += threads, last += threads) {
    best = std::min(best, *std::max_element(last, last + threads) - *std::min_element(first, first + threads));
  }
  return std::max<std::int64_t>(1, best);
}

using Pass = void (*)(const CeilingTraffic& by, std::byte* to, const std::byte* from, std::int64_t bytes);

struct Kind {
  std::string_view name;
  Pass pass;
  std::int64_t directions;
};

constexpr Kind KINDS[] = {
    {"read", [](const CeilingTraffic& by, std::byte*, const std::byte* from, std::int64_t n) { by.read(from, n); }, 1},
    {"write", [](const CeilingTraffic& by, std::byte* to, const std::byte*, std::int64_t n) { by.write(to, n); }, 1},
    {"copy",
     [](const CeilingTraffic& by, std::byte* to, const std::byte* from, std::int64_t n) { by.copy(to, from, n); }, 2},
    {"write_past",
     [](const CeilingTraffic& by, std::byte* to, const std::byte*, std::int64_t n) { by.write_past(to, n); }, 1},
    {"copy_past",
     [](const CeilingTraffic& by, std::byte* to, const std::byte* from, std::int64_t n) { by.copy_past(to, from, n); },
     2},
};

void require(const CeilingSize& size) {
  if (size.threads < 1 || size.threads > 4096 || size.passes < 1 || size.tries < 1 || size.tries > 1000) {
    throw Error(ErrorKind::usage, "ceiling: there are 1 to 4096 threads, at least 1 pass, and 1 to 1000 tries");
  }
}

}  // namespace

CeilingResult run_arithmetic(std::string_view kernel, const CeilingSize& size) {
  require(size);
  const auto run = function_of<CeilingArithmetic>(best_kernel("ceiling", kernel));
  const std::int64_t operations = run(1);
  if (operations == 0) {
    throw Error(ErrorKind::unavailable, "ceiling: the instruction set in use has nothing for " + std::string(kernel) +
                                            "; a processor with AVX512_VNNI and AVX512_BF16 does");
  }
  const std::int64_t wall_ns =
      shortest_ns(size.threads, size.tries, [] { return 0; }, [&](int) { static_cast<void>(run(size.passes)); });
  return {.amount = size.threads * operations * size.passes, .wall_ns = wall_ns};
}

CeilingResult run_traffic(std::string_view kind, std::int64_t bytes, const CeilingSize& size) {
  require(size);
  const auto* const found = std::ranges::find(KINDS, kind, &Kind::name);
  if (found == std::end(KINDS) || bytes < 1024 || bytes % 1024 != 0) {
    throw Error(ErrorKind::usage, "ceiling: " + std::string(kind) + " of " + std::to_string(bytes) +
                                      " bytes can't be; bytes are a multiple of 1024");
  }
  const CeilingTraffic& by = *function_of<const CeilingTraffic*>(best_kernel("ceiling", "traffic"));
  const std::int64_t each = bytes / found->directions;  // a copy has two halves
  const auto prepare = [&] { return touched(bytes); };
  const std::int64_t wall_ns = shortest_ns(size.threads, size.tries, prepare, [&](const Block& block) {
    for (std::int64_t pass = 0; pass < size.passes; ++pass) {
      found->pass(by, block.get(), block.get() + (bytes - each), each);
    }
  });
  return {.amount = size.threads * size.passes * bytes, .wall_ns = wall_ns};
}

}  // namespace assay
