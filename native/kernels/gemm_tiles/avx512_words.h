// What the hand-scheduled AVX-512 tiles are told, laid out for them to read.
#pragma once

#include "tile.h"

namespace assay::gemm_tiles {
namespace {

template <class Scale>
struct TileWords {
  const std::byte* a;
  std::int64_t a_row;  // bytes; of the direct tiles only
  const std::byte* b;
  std::int64_t b_row;  // likewise
  std::byte* c;
  std::int64_t c_row;
  std::int64_t steps;
  std::uint32_t low;  // which columns of the tile's two vectors exist
  std::uint32_t high;
  std::uint32_t scaled;  // whether alpha counts
  std::uint32_t added;   // whether to add to C
  Scale alpha;
};

template <class Scale>
using AsmTile = void (*)(const TileWords<Scale>*);

template <class Scale, class Call>
TileWords<Scale> words_of(const Call& call) {
  constexpr int WIDTH = 64 / static_cast<int>(sizeof(Scale));
  const std::uint64_t mask = (std::uint64_t{1} << call.columns) - 1;
  return {
      .a = call.a,
      .a_row = 0,
      .b = call.b,
      .b_row = 0,
      .c = call.c,
      .c_row = call.c_row_bytes,
      .steps = call.steps,
      .low = static_cast<std::uint32_t>(mask & ((1U << WIDTH) - 1)),
      .high = static_cast<std::uint32_t>(mask >> WIDTH),
      .scaled = call.alpha != 1.0,
      .added = call.accumulate,
      .alpha = static_cast<Scale>(call.alpha),
  };
}

}  // namespace
}  // namespace assay::gemm_tiles
