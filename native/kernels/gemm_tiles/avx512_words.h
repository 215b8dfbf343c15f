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
  std::int64_t last_steps;  // of these, during which C is fetched; of the packed tiles only, as is the rest
  const std::byte* ahead_a;
  std::int64_t ahead_a_step;
  const std::byte* ahead_b;
  std::int64_t ahead_b_step;
  const std::byte* from;
  std::int64_t from_step;
  std::byte* to;
  std::int64_t to_step;
  std::int64_t carry_steps;  // UNROLLED for each piece
  std::uint32_t dense;       // whether to fetch eight lines at a time
  std::uint32_t low;         // which columns of the tile's two vectors exist
  std::uint32_t high;
  std::uint32_t scaled;  // whether alpha counts
  std::uint32_t added;   // whether to add to C
  Scale alpha;
};

template <class Scale>
using AsmTile = void (*)(const TileWords<Scale>*);

// What both kinds of tiles read; the rest is left as it is.
template <class Scale, class Call>
TileWords<Scale> words_of(const Call& call) {
  constexpr int WIDTH = 64 / static_cast<int>(sizeof(Scale));
  const std::uint64_t mask = (std::uint64_t{1} << call.columns) - 1;
  TileWords<Scale> words;
  words.a = call.a;
  words.b = call.b;
  words.c = call.c;
  words.c_row = call.c_row_bytes;
  words.steps = call.steps;
  words.low = static_cast<std::uint32_t>(mask & ((1U << WIDTH) - 1));
  words.high = static_cast<std::uint32_t>(mask >> WIDTH);
  words.scaled = call.alpha != 1.0;
  words.added = call.accumulate;
  words.alpha = static_cast<Scale>(call.alpha);
  return words;
}

template <class Scale>
TileWords<Scale> packed_words_of(const TileCall& call) {
  TileWords<Scale> words = words_of<Scale>(call);
  words.last_steps = least(call.dense ? UNROLLED : call.rows * UNROLLED, call.steps);
  words.dense = call.dense;
  words.ahead_a = call.ahead_a.first;
  words.ahead_a_step = call.ahead_a.step;
  words.ahead_b = call.ahead_b.first;
  words.ahead_b_step = call.ahead_b.step;
  words.from = call.carry.from;
  words.from_step = call.carry.from_step;
  words.to = call.carry.to;
  words.to_step = call.carry.to_step;
  words.carry_steps = call.carry.count * UNROLLED;
  return words;
}

}  // namespace
}  // namespace assay::gemm_tiles
