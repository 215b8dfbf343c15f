// What packing fetches ahead for itself: the tiles of products of few k are too short to do it.
#pragma once

#include <immintrin.h>

#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

inline constexpr std::int64_t ROWS_AHEAD = 24;    // of A, while one is packed
inline constexpr std::int64_t BYTES_AHEAD = 128;  // of a row of B, from what is packed
inline constexpr std::int64_t SHORT_BYTES = 256;  // of a column of B; longer ones are fetched by the tiles

inline void fetch(const std::byte* at) { _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0); }

// The next panel of B, whose columns of `bytes` bytes are adjacent in k.
inline void fetch_next_columns(const PackCall& call, std::int64_t bytes) {
  for (std::int64_t column = 0; column < call.outer && bytes <= SHORT_BYTES; ++column) {
    for (std::int64_t at = 0; at < bytes; at += 64) {
      fetch(call.data + (call.outer + column) * call.outer_bytes + at);
    }
  }
}

}  // namespace
}  // namespace assay::gemm_tiles
