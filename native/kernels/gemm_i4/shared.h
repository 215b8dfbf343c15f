// What the rungs share. Declarations only: a file compiled for AVX-512 must not define anything that the linker could
// choose for other files too.
#pragma once

#include "assay/kernels/gemm_i4.h"

namespace assay::gemm_i4 {

inline constexpr int MOST_ROWS = 6;

// Where a row of A goes. Tiles read, for each group, the words that begin its sums, one a row, then four bytes of k of
// every row, and the next four.
struct RowPlace {
  std::int64_t row;
  std::int64_t rows;  // of its tile
  std::int32_t* to;
  std::int8_t* scratch;  // a row of whole groups
};

// A panel by the rows of a tile.
struct Tile {
  std::int64_t rows;
  std::int64_t groups;
  std::int64_t parts;  // of 32 weights in a group
  const std::int32_t* a;
  const std::byte* block;
  const std::byte* zeros;  // 32 a group; null where there are none
  // Bytes from what is read to what is fetched with it, for every second line; twice the same where another tile
  // fetches the others.
  std::int64_t ahead;
  std::int64_t ahead_too;
  float* totals;  // rows x 32, aligned to 64 bytes; what is there is added to
};

struct Ways {
  void (*multiply)(const Tile&);
  float (*lay_row)(const Int4Call&, const RowPlace&);  // returns the scale
};

// The product by tiles of at most MOST_ROWS rows and 32 columns.
void multiply_tiles(const Int4Call& call, const Ways& ways);

// C = activation(alpha * scale * totals + beta * C + bias) for some columns of a row.
struct Finish {
  std::int64_t row;
  std::int64_t column;
  std::int64_t columns;
  float scale;
  const float* totals;
};
void finish_row(const Int4Call& call, const Finish& finish);

}  // namespace assay::gemm_i4
