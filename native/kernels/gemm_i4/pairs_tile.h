// A tile of int4 weights for instruction sets that multiply bytes into sums of pairs in 16 bits.
//
// The sums of 32 products need no more than 16 bits: 16 x 15 x 128 = 30720. So they are widened once in 32 weights.
// Lanes supplies: Vector (whole columns of 32 bits), Real, COLUMNS, and the operations used below.
#pragma once

#include "shared.h"

namespace assay::gemm_i4 {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

template <class Lanes>
struct PairsTile {
  using Vector = typename Lanes::Vector;
  static constexpr std::int64_t BYTES = sizeof(Vector);
  static constexpr std::int64_t VECTORS = INT4_COLUMNS * 4 / BYTES;  // of one line pair: 32 columns
  static constexpr std::int64_t PAIR_BYTES = 128;

  // 32 weights of one row and one vector of columns, added to `sum`.
  static Vector add_part(const std::int32_t* a, std::int64_t rows, const std::byte* lines, Vector sum) {
    Vector pairs = Lanes::zero();
    for (int pair = 0; pair < 4; ++pair) {
      const Vector both = Lanes::load(lines + pair * PAIR_BYTES);
      pairs = Lanes::add_pairs(pairs, Lanes::low(both), Lanes::spread(a + 2 * pair * rows));
      pairs = Lanes::add_pairs(pairs, Lanes::high(both), Lanes::spread(a + (2 * pair + 1) * rows));
    }
    return Lanes::add(sum, Lanes::widen(pairs));
  }

  static void multiply_group(const Tile& tile, const std::int32_t* a, const std::byte* block, const std::byte* zeros) {
    for (std::int64_t vector = 0; vector < VECTORS; ++vector) {
      const std::int64_t column = vector * BYTES / 4;
      for (std::int64_t i = 0; i < tile.rows; ++i) {
        Vector sum = zeros == nullptr ? Lanes::spread(a + i)
                                      : Lanes::scale_words(Lanes::spread_bytes(zeros + column), Lanes::spread(a + i));
        const std::int32_t* steps = a + tile.rows + i;
        const std::byte* lines = block + INT4_COLUMNS * 4 + vector * BYTES;
        for (std::int64_t part = 0; part < tile.parts; ++part) {
          sum = add_part(steps, tile.rows, lines, sum);
          steps += INT4_LEAST_GROUP / 4 * tile.rows;
          lines += 4 * PAIR_BYTES;
        }
        Lanes::add_scaled(sum, block + column * 4, tile.totals + i * INT4_COLUMNS + column);
      }
    }
  }

  static void multiply(const Tile& tile) {
    const std::int64_t group_words = tile.rows * (1 + tile.parts * INT4_LEAST_GROUP / 4);
    const std::int64_t block_bytes = INT4_COLUMNS * 4 + tile.parts * 4 * PAIR_BYTES;
    for (std::int64_t group = 0; group < tile.groups; ++group) {
      multiply_group(tile, tile.a + group * group_words, tile.block + group * block_bytes,
                     tile.zeros == nullptr ? nullptr : tile.zeros + group * INT4_COLUMNS);
    }
  }
};

}  // namespace
}  // namespace assay::gemm_i4
