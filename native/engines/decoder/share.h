// Pieces of work for at most so many threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "assay/runtime/parallel.h"

namespace assay::decoder {

// body(piece) for each of [0, pieces): on at most `threads` threads, each taking the next one when it is free. A body
// shares nothing further.
template <class Body>
void share(std::int64_t threads, std::int64_t pieces, const Body& body) {
  if (threads <= 1 || pieces <= 1) {
    const Alone alone;
    for (std::int64_t piece = 0; piece < pieces; ++piece) {
      body(piece);
    }
    return;
  }
  std::atomic<std::int64_t> next{0};
  parallel_for(std::min(threads, pieces), 1, [&](std::int64_t, std::int64_t) {
    const Alone alone;
    for (std::int64_t piece = next++; piece < pieces; piece = next++) {
      body(piece);
    }
  });
}

}  // namespace assay::decoder
