// Products that read A and B in place: small ones, and thin ones whose B is used too few times to be worth packing.

#include <algorithm>

#include "../gemm_tiles/tile.h"
#include "assay/runtime/parallel.h"
#include "finish.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t MOST_K = 512;
constexpr std::int64_t MOST_B_BYTES = 256 << 10;  // B stays in the second-level cache
constexpr std::int64_t FEW_ROWS = 6 * MOST_ROWS;  // uses of B that don't repay packing it
constexpr std::int64_t ROWS_OF_TASK = 20 * MOST_ROWS;
constexpr std::int64_t ALIASED_BYTES = 4096;  // rows this far apart share their cache sets

bool aliased(std::int64_t row_bytes, std::int64_t rows) { return rows > 12 && row_bytes % ALIASED_BYTES == 0; }

// Rows [row0, row1) against columns [column0, column1).
void multiply_part(const TileSet& tiles, const GemmCall& call, std::int64_t row0, std::int64_t row1,
                   std::int64_t column0, std::int64_t column1) {
  const std::int64_t rows = row1 - row0;
  const std::int64_t bytes = tiles.element_bytes;
  for (std::int64_t column = column0; column < column1; column += tiles.columns) {
    const bool narrow = 2 * (column1 - column) <= tiles.columns;
    const std::int64_t most = narrow ? tiles.narrow_rows : tiles.rows;
    const std::int64_t panels = (rows + most - 1) / most;
    for (std::int64_t panel = 0; panel < panels; ++panel) {
      const std::int64_t row = row0 + rows * panel / panels;
      tiles.direct({
          .rows = row0 + rows * (panel + 1) / panels - row,
          .columns = std::min(tiles.columns, column1 - column),
          .steps = call.k,
          .a = static_cast<const std::byte*>(call.a.data) + row * call.a.row * bytes,
          .a_row_bytes = call.a.row * bytes,
          .b = static_cast<const std::byte*>(call.b.data) + column * bytes,
          .b_row_bytes = call.b.row * bytes,
          .c = static_cast<std::byte*>(call.c) + (row * call.c_row + column) * tiles.result_bytes,
          .c_row_bytes = call.c_row * tiles.result_bytes,
          .alpha = call.alpha,
          .accumulate = call.beta != 0.0,
          .fetch_c = call.m * call.n * tiles.result_bytes > MOST_B_BYTES,
      });
    }
  }
  finish(call, {.row = row0, .rows = rows, .column = column0, .columns = column1 - column0});
}

}  // namespace

bool can_direct(const TileSet& tiles, const GemmCall& call) {
  return tiles.direct != nullptr && call.packed_b == nullptr && call.a.column == 1 && call.b.column == 1;
}

bool worth_direct(const TileSet& tiles, const GemmCall& call) {
  const std::int64_t bytes = tiles.element_bytes;
  if (!can_direct(tiles, call) || call.k > MOST_K) {
    return false;
  }
  if (aliased(call.a.row * bytes, call.m) || (call.m > tiles.rows && aliased(call.b.row * bytes, call.k))) {
    return false;
  }
  return call.m <= FEW_ROWS || call.n * call.k * bytes <= MOST_B_BYTES;
}

void multiply_direct(const TileSet& tiles, const GemmCall& call) {
  if (call.m >= call.n) {
    const std::int64_t tasks = (call.m + ROWS_OF_TASK - 1) / ROWS_OF_TASK;
    parallel_for(tasks, 1, [&](std::int64_t begin, std::int64_t end) {
      multiply_part(tiles, call, call.m * begin / tasks, call.m * end / tasks, 0, call.n);
    });
    return;
  }
  const std::int64_t panels = (call.n + tiles.columns - 1) / tiles.columns;
  const std::int64_t grain = std::max<std::int64_t>(1, (1 << 20) / (call.m * call.k * tiles.columns + 1));
  parallel_for(panels, grain, [&](std::int64_t begin, std::int64_t end) {
    multiply_part(tiles, call, 0, call.m, begin * tiles.columns, std::min(end * tiles.columns, call.n));
  });
}

}  // namespace assay::gemm_tiles
