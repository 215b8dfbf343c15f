// What the rungs share. Declarations only: a file compiled for AVX-512 must not define anything that the linker could
// choose for other files too.
#pragma once

#include "assay/kernels/gemm_i4.h"

namespace assay::gemm_i4 {

inline constexpr int MOST_ROWS = 8;

// Rows of A as tiles read them: for each group the words that begin its sums, one a row, then four bytes of k of every
// row, and the next four.
struct Tile {
  std::int64_t rows;
  std::int64_t groups;
  std::int64_t parts;  // of 32 weights in a group
  const std::int32_t* a;
  const std::byte* panel;
  const std::byte* zeros;    // 32 a group; null where there are none
  std::int64_t ahead;        // bytes from a block to what is fetched with it
  std::int64_t ahead_first;  // of a block's lines, those that this tile fetches
  std::int64_t ahead_end;
  float* totals;  // rows x 32, aligned to 64 bytes
};

using MultiplyTile = void (*)(const Tile&);

// The product by tiles of at most MOST_ROWS rows and 32 columns.
void multiply_tiles(const Int4Call& call, MultiplyTile tile);

// One row of A, rounded to int8 where it is fp32, up to a multiple of the group; returns its scale.
float take_row(const Int4Call& call, std::int64_t row, std::int8_t* out);

// C = activation(alpha * totals + beta * C + bias) for `columns` columns of a row.
struct Finish {
  std::int64_t row;
  std::int64_t column;
  std::int64_t columns;
  float scale;
  const float* totals;
};
void finish_row(const Int4Call& call, const Finish& finish);

}  // namespace assay::gemm_i4
