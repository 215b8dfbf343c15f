// Pieces of work for at most so many threads.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "assay/runtime/parallel.h"
#include "assay/runtime/spawn.h"

namespace assay::decoder {

inline constexpr std::int64_t MOST_THREADS = 256;

// body(piece) for each of [0, pieces), at most `threads` at a time. Each thread begins with neighbours, so that memory
// is read in order, and then helps the others. A body shares nothing further.
template <class Body>
class Sharing {
 public:
  Sharing(std::int64_t threads, std::int64_t pieces, const Body& body)
      : threads_(std::min({threads, pieces, MOST_THREADS, workers()})), pieces_(pieces), body_(body) {
    for (std::int64_t thread = 0; thread < threads_; ++thread) {
      next_[static_cast<std::size_t>(thread)] = pieces * thread / threads_;
    }
  }

  void run() { run(0, threads_); }

 private:
  // Hands the later half out before it begins: there are too few to wait until another thread asks.
  void run(std::int64_t first, std::int64_t end) {
    if (end - first == 1) {
      return work(first);
    }
    const std::int64_t middle = first + (end - first) / 2;
    auto later = spawn([this, middle, end] { run(middle, end); });
    run(first, middle);
    later.sync();
  }

  void work(std::int64_t thread) {
    const Alone alone;
    for (std::int64_t i = 0; i < threads_; ++i) {
      const std::int64_t whose = (thread + i) % threads_;
      std::atomic<std::int64_t>& next = next_[static_cast<std::size_t>(whose)];
      const std::int64_t end = pieces_ * (whose + 1) / threads_;
      for (std::int64_t piece = next++; piece < end; piece = next++) {
        body_(piece);
      }
    }
  }

  const std::int64_t threads_;
  const std::int64_t pieces_;
  const Body& body_;
  std::array<std::atomic<std::int64_t>, MOST_THREADS> next_;
};

template <class Body>
void share(std::int64_t threads, std::int64_t pieces, const Body& body) {
  if (threads > 1 && pieces > 1 && workers() > 1) {
    return Sharing<Body>(threads, pieces, body).run();
  }
  const Alone alone;
  for (std::int64_t piece = 0; piece < pieces; ++piece) {
    body(piece);
  }
}

}  // namespace assay::decoder
