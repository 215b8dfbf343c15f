// What the fast rungs share. Declarations only: a file compiled for AVX-512 must not define anything that the linker
// could choose for other files too.
#pragma once

#include "assay/kernels/gemm_i4.h"

namespace assay::gemm_i4 {

// Rows of A against one panel of 32 columns. A's rows are padded with zeros to whole groups.
struct Tile {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t groups;
  const std::int8_t* a;
  std::int64_t a_row;
  const std::int32_t* sums;  // -8 times the sum of each group of each row of A
  const float* a_scales;     // one a row
  const std::byte* panel;
  std::int64_t ahead;       // bytes from a block to what is fetched with it
  std::int64_t first_line;  // of the block's lines, those that this tile fetches
  std::int64_t last_line;
  float* c;
  std::int64_t c_row;
};

using MultiplyTile = void (*)(const Tile&);

// The product by tiles of at most `most_rows` rows.
void multiply_tiles(const Int4Call& call, std::int64_t most_rows, MultiplyTile tile);

}  // namespace assay::gemm_i4
