// Products of so few k that a tile has no time to fetch or to carry anything: what surrounds the tiles is most of the
// cost, so it is as little as can be. B is packed in groups that stay near, A in blocks of rows.

#include <algorithm>

#include "../gemm_tiles/tile.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "finish.h"
#include "slab.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t MOST_STEPS = MOST_ROWS * UNROLLED;
constexpr std::int64_t BLOCK_ROWS = 9 * MOST_ROWS;
constexpr std::int64_t GROUP_PANELS = 8;
constexpr std::int64_t ROWS_OF_TASK = 4 * BLOCK_ROWS;
constexpr std::int64_t PANELS_OF_TASK = 4 * GROUP_PANELS;
constexpr std::int64_t SMALLEST_TASK = 1 << 18;  // multiply-adds; less is not worth a second thread
constexpr std::int64_t LINE = 64;

class BriefRegion {
 public:
  BriefRegion(const TileSet& tiles, const GemmCall& call, const Region& region)
      : tiles_(tiles),
        call_(call),
        region_(region),
        panel_bytes_(panel_bytes_of(tiles, call.k)),
        c_row_bytes_(call.c_row * tiles.result_bytes),
        packed_a_(thread_scratch(A_BYTES + GROUP_PANELS * panel_bytes_)),
        packed_b_(packed_a_ + A_BYTES) {}

  void multiply() {
    const std::int64_t group = GROUP_PANELS * tiles_.columns;
    for (std::int64_t column = 0; column < region_.columns; column += group) {
      multiply_group(region_.column + column, std::min(group, region_.columns - column), column == 0);
    }
  }

 private:
  static constexpr std::int64_t A_BYTES = (BLOCK_ROWS * ROW_STRIDE + LINE - 1) / LINE * LINE;

  void multiply_group(std::int64_t column0, std::int64_t columns, bool first) {
    const std::byte* const b = panels(column0, columns);
    const std::int64_t blocks = pieces_of(region_.rows, BLOCK_ROWS);
    for (std::int64_t block = 0; block < blocks; ++block) {
      const std::int64_t row = region_.row + piece_start(region_.rows, blocks, block);
      const std::int64_t rows = region_.row + piece_start(region_.rows, blocks, block + 1) - row;
      if (first || blocks > 1) {
        pack_rows(row, rows);
      }
      multiply_block({.row = row, .rows = rows, .column = column0, .columns = columns}, b);
    }
  }

  const std::byte* panels(std::int64_t column0, std::int64_t columns) {
    if (call_.packed_b != nullptr) {
      return static_cast<const std::byte*>(call_.packed_b) + column0 / tiles_.columns * panel_bytes_;
    }
    for (std::int64_t column = 0; column < columns; column += tiles_.columns) {
      const std::int64_t bytes = tiles_.element_bytes;
      tiles_.pack_b({.data = element(call_.b, 0, column0 + column, bytes),
                     .outer_bytes = call_.b.column * bytes,
                     .inner_bytes = call_.b.row * bytes,
                     .outer = std::min(tiles_.columns, columns - column),
                     .k = call_.k,
                     .out = packed_b_ + column / tiles_.columns * panel_bytes_});
    }
    return packed_b_;
  }

  void pack_rows(std::int64_t row, std::int64_t rows) {
    const std::int64_t bytes = tiles_.element_bytes;
    tiles_.pack_a({.data = element(call_.a, row, 0, bytes),
                   .outer_bytes = call_.a.row * bytes,
                   .inner_bytes = call_.a.column * bytes,
                   .outer = rows,
                   .k = call_.k,
                   .out = packed_a_});
  }

  void multiply_block(const Region& block, const std::byte* b) {
    const std::int64_t tiles_of_rows = pieces_of(block.rows, tiles_.rows);
    TileCall tile{.rows = 0,
                  .columns = 0,
                  .steps = round_up(pieces_of(call_.k, tiles_.depth), UNROLLED),
                  .a = packed_a_,
                  .b = b,
                  .c = nullptr,
                  .c_row_bytes = c_row_bytes_,
                  .alpha = call_.alpha,
                  .accumulate = call_.beta != 0.0,
                  .ahead_a = {b, 0},
                  .ahead_b = {b, 0},
                  .dense = false,
                  .carry = {}};
    // What the next block packs, a few rows under each tile.
    const std::int64_t each = pieces_of(block.rows, tiles_of_rows * pieces_of(block.columns, tiles_.columns));
    next_a_ = block.row + block.rows;
    auto* const c = static_cast<std::byte*>(call_.c) + block.row * c_row_bytes_ + block.column * tiles_.result_bytes;
    for (std::int64_t column = 0; column < block.columns; column += tiles_.columns, tile.b += panel_bytes_) {
      tile.columns = std::min(tiles_.columns, block.columns - column);
      tile.a = packed_a_;
      tile.c = c + column * tiles_.result_bytes;
      std::int64_t left = block.rows;
      for (std::int64_t tiles_left = tiles_of_rows; tiles_left > 0; --tiles_left) {
        tile.rows = left == tiles_left * tiles_.rows ? tiles_.rows : left / tiles_left;
        next_a_ = fetch_rows(next_a_, each);
        tiles_.tile(tile);
        left -= tile.rows;
        tile.a += tile.rows * ROW_STRIDE;
        tile.c += tile.rows * c_row_bytes_;
      }
    }
    finish(call_, block);
  }

  // `count` rows of A from `row` on, where they are adjacent in k; returns the row after them.
  std::int64_t fetch_rows(std::int64_t row, std::int64_t count) const {
    const std::int64_t end = std::min(row + count, region_.row + region_.rows);
    for (; row < end && call_.a.column == 1; ++row) {
      const std::byte* const from = element(call_.a, row, 0, tiles_.element_bytes);
      for (std::int64_t at = 0; at < call_.k * tiles_.element_bytes; at += LINE) {
        __builtin_prefetch(from + at);
      }
    }
    return end;
  }

  const TileSet& tiles_;
  const GemmCall& call_;
  const Region& region_;
  const std::int64_t panel_bytes_;
  const std::int64_t c_row_bytes_;
  std::byte* const packed_a_;
  std::byte* const packed_b_;
  std::int64_t next_a_ = 0;
};

}  // namespace

bool is_brief(const TileSet& tiles, const GemmCall& call) {
  return call.m > 0 && call.n > 0 && call.k > 0 && call.k <= MOST_STEPS * tiles.depth;
}

void multiply_brief(const TileSet& tiles, const GemmCall& call) {
  scale_by_beta(call);
  const bool tall = call.m >= call.n;
  const std::int64_t unit = tall ? ROWS_OF_TASK : PANELS_OF_TASK * tiles.columns;
  const std::int64_t length = tall ? call.m : call.n;
  const std::int64_t work = unit * (tall ? call.n : call.m) * call.k;
  const std::int64_t grain = std::max<std::int64_t>(1, SMALLEST_TASK / work);
  parallel_for(pieces_of(length, unit), grain, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t start = begin * unit;
    const std::int64_t count = std::min(end * unit, length) - start;
    const Region region = tall ? Region{.row = start, .rows = count, .column = 0, .columns = call.n}
                               : Region{.row = 0, .rows = call.m, .column = start, .columns = count};
    BriefRegion(tiles, call, region).multiply();
  });
}

}  // namespace assay::gemm_tiles
