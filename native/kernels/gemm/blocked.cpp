// The product by panels and tiles: B is packed a column group at a time and shared, A a row block at a time, by the
// thread that uses it. How rows and columns are cut never changes the order of additions in an element of C.

#include <algorithm>

#include "../gemm_tiles/tile.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "finish.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t MOST_BLOCK_ROWS = 24 * MOST_ROWS;  // packed, they fill 2/3 of a second-level cache of 1 MiB
constexpr std::int64_t MOST_GROUP_COLUMNS = 1024;
constexpr std::int64_t SMALLEST_TASK = 1 << 18;  // multiply-adds; less is not worth a second thread

std::int64_t pieces_of(std::int64_t total, std::int64_t most) { return (total + most - 1) / most; }

// Where piece `index` of `count` nearly equal pieces begins.
std::int64_t piece_start(std::int64_t total, std::int64_t count, std::int64_t index) { return total * index / count; }

// One block of k within one group of columns.
struct Slab {
  const TileSet& tiles;
  const GemmCall& call;
  std::int64_t k0;
  std::int64_t k;
  std::int64_t column0;
  std::int64_t columns;
  std::byte* packed_b;

  [[nodiscard]] std::int64_t steps() const { return round_up(pieces_of(k, tiles.depth), UNROLLED); }
  [[nodiscard]] std::int64_t panel_bytes() const {
    return tiles.header_bytes + steps() * tiles.step_bytes * tiles.columns;
  }
  [[nodiscard]] std::int64_t panels() const { return pieces_of(columns, tiles.columns); }
};

const std::byte* element(const MatrixView& view, std::int64_t row, std::int64_t column, std::int64_t bytes) {
  return static_cast<const std::byte*>(view.data) + (row * view.row + column * view.column) * bytes;
}

void pack_panel(const Slab& slab, std::int64_t panel) {
  const TileSet& tiles = slab.tiles;
  const MatrixView& b = slab.call.b;
  const std::int64_t first = panel * tiles.columns;
  tiles.pack_b({
      .data = element(b, slab.k0, slab.column0 + first, tiles.element_bytes),
      .outer_bytes = b.column * tiles.element_bytes,
      .inner_bytes = b.row * tiles.element_bytes,
      .outer = std::min(tiles.columns, slab.columns - first),
      .k = slab.k,
      .out = slab.packed_b + panel * slab.panel_bytes(),
  });
}

void pack_rows(const Slab& slab, std::int64_t row0, std::int64_t rows, std::byte* packed_a) {
  const MatrixView& a = slab.call.a;
  const std::int64_t bytes = slab.tiles.element_bytes;
  slab.tiles.pack_a({
      .data = element(a, row0, slab.k0, bytes),
      .outer_bytes = a.row * bytes,
      .inner_bytes = a.column * bytes,
      .outer = rows,
      .k = slab.k,
      .out = packed_a,
  });
}

// Rows [row0, row0 + rows) against panels [panel0, panel1) of the slab.
void multiply_block(const Slab& slab, std::int64_t row0, std::int64_t rows, std::int64_t panel0, std::int64_t panel1) {
  const TileSet& tiles = slab.tiles;
  const GemmCall& call = slab.call;
  std::byte* const packed_a = thread_scratch((rows + MOST_ROWS) * ROW_STRIDE);
  pack_rows(slab, row0, rows, packed_a);
  const std::int64_t row_panels = pieces_of(rows, tiles.rows);
  const std::int64_t c_row_bytes = call.c_row * tiles.result_bytes;
  std::byte* const c = static_cast<std::byte*>(call.c) + row0 * c_row_bytes;
  for (std::int64_t panel = panel0; panel < panel1; ++panel) {
    const std::int64_t column = panel * tiles.columns;
    for (std::int64_t i = 0; i < row_panels; ++i) {
      const std::int64_t start = piece_start(rows, row_panels, i);
      tiles.tile({
          .rows = piece_start(rows, row_panels, i + 1) - start,
          .columns = std::min(tiles.columns, slab.columns - column),
          .steps = slab.steps(),
          .a = packed_a + start * ROW_STRIDE,
          .b = slab.packed_b + panel * slab.panel_bytes(),
          .c = c + start * c_row_bytes + (slab.column0 + column) * tiles.result_bytes,
          .c_row_bytes = c_row_bytes,
          .alpha = call.alpha,
          .accumulate = slab.k0 > 0 || call.beta != 0.0,
      });
    }
  }
}

struct Cut {
  std::int64_t row_blocks;
  std::int64_t column_blocks;
};

// Enough tasks for every worker where there is enough work, first by rows, which pack nothing twice.
Cut cut_of(const GemmCall& call, const Slab& slab) {
  const std::int64_t work = call.m * slab.columns * slab.k;
  const std::int64_t wanted = std::clamp<std::int64_t>(work / SMALLEST_TASK, 1, workers());
  const std::int64_t fewest = pieces_of(call.m, MOST_BLOCK_ROWS);
  const std::int64_t rows = std::min(round_up(fewest, wanted), std::max(fewest, pieces_of(call.m, MOST_ROWS)));
  const std::int64_t columns = rows >= wanted ? 1 : std::min(pieces_of(wanted, rows), slab.panels());
  return {.row_blocks = rows, .column_blocks = columns};
}

void multiply_slab(const Slab& slab) {
  const GemmCall& call = slab.call;
  const Cut cut = cut_of(call, slab);
  const bool worth_sharing = cut.row_blocks * cut.column_blocks > 1;
  parallel_for(slab.panels(), worth_sharing ? 1 : slab.panels(), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t panel = begin; panel < end; ++panel) {
      pack_panel(slab, panel);
    }
  });
  const bool last = slab.k0 + slab.k == call.k;
  parallel_for(cut.row_blocks * cut.column_blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t task = begin; task < end; ++task) {
      const std::int64_t block = task / cut.column_blocks;
      const std::int64_t part = task % cut.column_blocks;
      const std::int64_t row0 = piece_start(call.m, cut.row_blocks, block);
      const std::int64_t rows = piece_start(call.m, cut.row_blocks, block + 1) - row0;
      const std::int64_t panel0 = piece_start(slab.panels(), cut.column_blocks, part);
      const std::int64_t panel1 = piece_start(slab.panels(), cut.column_blocks, part + 1);
      multiply_block(slab, row0, rows, panel0, panel1);
      if (last) {
        const std::int64_t first = panel0 * slab.tiles.columns;
        const std::int64_t count = std::min(panel1 * slab.tiles.columns, slab.columns) - first;
        finish(call, {.row = row0, .rows = rows, .column = slab.column0 + first, .columns = count});
      }
    }
  });
}

}  // namespace

void multiply_blocked(const TileSet& tiles, const GemmCall& call) {
  if (call.m == 0 || call.n == 0) {
    return;
  }
  scale_by_beta(call);
  if (call.k == 0) {
    finish(call, {.row = 0, .rows = call.m, .column = 0, .columns = call.n});
    return;
  }
  if (worth_direct(tiles, call)) {
    return multiply_direct(tiles, call);
  }
  const std::int64_t k_most = STEPS_BYTES / tiles.step_bytes * tiles.depth;
  const std::int64_t k_blocks = pieces_of(call.k, k_most);
  const std::int64_t k_each = round_up(pieces_of(call.k, k_blocks), tiles.depth * UNROLLED);
  const std::int64_t groups = pieces_of(call.n, MOST_GROUP_COLUMNS);
  const std::int64_t group_columns = round_up(pieces_of(call.n, groups), tiles.columns);
  const std::int64_t panel_bytes = tiles.header_bytes + k_each / tiles.depth * tiles.step_bytes * tiles.columns;
  std::byte* const packed_b = shared_scratch(pieces_of(std::min(group_columns, call.n), tiles.columns) * panel_bytes);
  for (std::int64_t column = 0; column < call.n; column += group_columns) {
    for (std::int64_t k0 = 0; k0 < call.k; k0 += k_each) {
      multiply_slab({
          .tiles = tiles,
          .call = call,
          .k0 = k0,
          .k = std::min(k_each, call.k - k0),
          .column0 = column,
          .columns = std::min(group_columns, call.n - column),
          .packed_b = packed_b,
      });
    }
  }
}

}  // namespace assay::gemm_tiles
