// The product by panels and tiles. C is cut into regions, one task each, that share nothing: each packs the B and A it
// needs, B a column group at a time, A a row block at a time. How C is cut never changes the order of additions in an
// element of it.
//
// Packing waits for memory and multiplying does not: so every tile fetches a little of what will be packed next.

#include <algorithm>

#include "../gemm_tiles/tile.h"
#include "ahead.h"
#include "assay/kernels/tuning/classes.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "assay/runtime/spawn.h"
#include "finish.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t BLOCK_ROWS = 9 * MOST_ROWS;  // packed, and the next ones fetched, they fill half of a 1 MiB L2
constexpr std::int64_t MOST_GROUP_COLUMNS = 2048;
constexpr std::int64_t SMALLEST_TASK = 1 << 18;  // multiply-adds; less is not worth a second thread
constexpr std::int64_t LINE = 64;
constexpr std::int64_t NEAR_BYTES = 4096;          // what memory delivers while it answers one request
constexpr std::int64_t FOUR_STEPS = 4 * 2 * LINE;  // bytes of a panel
constexpr std::int64_t LEAST_SPLIT = 256;          // columns of a region that repay packing A for it

std::int64_t pieces_of(std::int64_t total, std::int64_t most) { return (total + most - 1) / most; }

// Where piece `index` of `count` nearly equal pieces begins.
std::int64_t piece_start(std::int64_t total, std::int64_t count, std::int64_t index) { return total * index / count; }

// The same, at multiples of `unit`.
std::int64_t unit_start(std::int64_t total, std::int64_t unit, std::int64_t count, std::int64_t index) {
  return std::min(total, piece_start(pieces_of(total, unit), count, index) * unit);
}

std::int64_t k_block(const TileSet& tiles, std::int64_t k, std::int64_t k_bytes = STEPS_BYTES) {
  const std::int64_t most = std::min(k_bytes, STEPS_BYTES) / tiles.step_bytes * tiles.depth;
  return round_up(pieces_of(k, std::max<std::int64_t>(1, pieces_of(k, most))), tiles.depth * UNROLLED);
}

std::int64_t panel_bytes_of(const TileSet& tiles, std::int64_t k) {
  const std::int64_t step_bytes = tiles.panel_step_bytes == 0 ? tiles.step_bytes : tiles.panel_step_bytes;
  return tiles.header_bytes + round_up(pieces_of(k, tiles.depth), UNROLLED) * step_bytes * tiles.columns;
}

// One block of k within one group of columns.
struct Slab {
  const TileSet& tiles;
  const GemmCall& call;
  const Region& region;
  std::int64_t k0;
  std::int64_t k;
  std::int64_t column0;
  std::int64_t columns;
  std::int64_t block_rows;
  std::byte* packed_a;
  std::byte* packed_b;
  bool given;  // packed_b holds what it shall

  [[nodiscard]] std::int64_t steps() const { return round_up(pieces_of(k, tiles.depth), UNROLLED); }
  [[nodiscard]] std::int64_t panel_bytes() const { return panel_bytes_of(tiles, k); }
  [[nodiscard]] std::int64_t panels() const { return pieces_of(columns, tiles.columns); }
  [[nodiscard]] std::int64_t reach() const { return steps() / UNROLLED; }
};

struct Block {
  std::int64_t row0;
  std::int64_t rows;
  bool first;
  Stream next_a;
  Stream next_b;
};

const std::byte* element(const MatrixView& view, std::int64_t row, std::int64_t column, std::int64_t bytes) {
  return static_cast<const std::byte*>(view.data) + (row * view.row + column * view.column) * bytes;
}

// Columns [first, first + count) of the slab's B.
PackCall columns_of(const Slab& slab, std::int64_t first, std::int64_t count) {
  const std::int64_t bytes = slab.tiles.element_bytes;
  const MatrixView& b = slab.call.b;
  return {
      .data = element(b, slab.k0, slab.column0 + first, bytes),
      .outer_bytes = b.column * bytes,
      .inner_bytes = b.row * bytes,
      .outer = count,
      .k = slab.k,
      .out = slab.packed_b + first / slab.tiles.columns * slab.panel_bytes(),
  };
}

PackCall rows_of(const Slab& slab, std::int64_t row0, std::int64_t rows) {
  const std::int64_t bytes = slab.tiles.element_bytes;
  const MatrixView& a = slab.call.a;
  return {
      .data = element(a, row0, slab.k0, bytes),
      .outer_bytes = a.row * bytes,
      .inner_bytes = a.column * bytes,
      .outer = rows,
      .k = slab.k,
      .out = slab.packed_a,
  };
}

// The odd lines of the next panel, unless another tile of two fetches them.
Ahead second_half(const std::byte* next, std::int64_t row_panels) {
  return row_panels == 1 ? Ahead{next + LINE, FOUR_STEPS} : Ahead{next, 0};
}

void multiply_block(const Slab& slab, const Block& block) {
  const TileSet& tiles = slab.tiles;
  const GemmCall& call = slab.call;
  const std::int64_t row_panels = pieces_of(block.rows, tiles.rows);
  const std::int64_t c_row_bytes = call.c_row * tiles.result_bytes;
  std::byte* const c = static_cast<std::byte*>(call.c) + block.row0 * c_row_bytes;
  const std::int64_t all = slab.panels() * row_panels;
  const std::int64_t late = all - block.next_a.slots();  // what is fetched early would be gone again
  const bool thin = slab.given && row_panels <= 2;       // a panel is read from memory for one or two tiles only
  const std::int64_t slots_of_b = block.next_b.slots();
  for (std::int64_t panel = 0; panel < slab.panels(); ++panel) {
    const std::int64_t column = panel * tiles.columns;
    const std::int64_t columns = std::min(tiles.columns, slab.columns - column);
    if (block.first) {
      tiles.pack_b(columns_of(slab, column, columns));
    }
    const std::byte* const b = slab.packed_b + panel * slab.panel_bytes();
    const std::byte* const next = b + (row_panels == 1 ? NEAR_BYTES : slab.panel_bytes());
    for (std::int64_t i = 0; i < row_panels; ++i) {
      const std::int64_t done = panel * row_panels + i;
      const std::int64_t start = piece_start(block.rows, row_panels, i);
      tiles.tile({
          .rows = piece_start(block.rows, row_panels, i + 1) - start,
          .columns = columns,
          .steps = slab.steps(),
          .a = slab.packed_a + start * ROW_STRIDE,
          .b = b,
          .c = c + start * c_row_bytes + (slab.column0 + column) * tiles.result_bytes,
          .c_row_bytes = c_row_bytes,
          .alpha = call.alpha,
          .accumulate = slab.k0 > 0 || call.beta != 0.0,
          .ahead_a = thin ? second_half(next, row_panels) : block.next_a.slot(done - late),
          .ahead_b =
              thin ? Ahead{next + i * LINE, FOUR_STEPS} : block.next_b.slot((done + row_panels) * slots_of_b / all),
          .dense = thin,
      });
    }
  }
}

void multiply_slab(const Slab& slab) {
  const Region& region = slab.region;
  const std::int64_t blocks = pieces_of(region.rows, slab.block_rows);
  const bool last = slab.k0 + slab.k == slab.call.k;
  const std::int64_t packed_bytes = slab.panels() * slab.panel_bytes();
  for (std::int64_t index = 0; index < blocks; ++index) {
    const std::int64_t start = piece_start(region.rows, blocks, index);
    const std::int64_t end = piece_start(region.rows, blocks, index + 1);
    const std::int64_t next_end = piece_start(region.rows, blocks, std::min(index + 2, blocks));
    slab.tiles.pack_a(rows_of(slab, region.row + start, end - start));
    const PackCall next_a = rows_of(slab, region.row + end, next_end - end);
    multiply_block(slab, {
                             .row0 = region.row + start,
                             .rows = end - start,
                             .first = index == 0 && !slab.given,
                             .next_a = stream_of(next_a, slab.tiles.element_bytes, slab.reach()),
                             .next_b = index == 0 && !slab.given ? stream_of(columns_of(slab, 0, slab.columns),
                                                                             slab.tiles.element_bytes, slab.reach())
                                                                 : stream_of(slab.packed_b, packed_bytes, slab.reach()),
                         });
    if (last) {
      finish(slab.call,
             {.row = region.row + start, .rows = end - start, .column = slab.column0, .columns = slab.columns});
    }
  }
}

std::int64_t tuned_or(std::int64_t tuned, std::int64_t rule) { return tuned > 0 ? tuned : rule; }

void multiply_region(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning, const Region& region) {
  const std::int64_t k_each = k_block(tiles, call.k, tuned_or(tuning.k_bytes, STEPS_BYTES));
  const std::int64_t block_rows = tuned_or(tuning.block_rows, BLOCK_ROWS);
  const bool given = call.packed_b != nullptr;
  const std::int64_t groups = given ? 1 : pieces_of(region.columns, tuned_or(tuning.group_columns, MOST_GROUP_COLUMNS));
  const std::int64_t group_columns = round_up(pieces_of(region.columns, groups), tiles.columns);
  const std::int64_t panel_bytes = panel_bytes_of(tiles, k_each);
  const std::int64_t a_bytes = round_up((std::min(region.rows, block_rows) + MOST_ROWS) * ROW_STRIDE, 64);
  std::byte* const packed_a = thread_scratch(a_bytes + (given ? 0 : group_columns / tiles.columns * panel_bytes));
  std::byte* const whole_b = static_cast<std::byte*>(const_cast<void*>(call.packed_b));  // only read
  for (std::int64_t column = 0; column < region.columns; column += group_columns) {
    for (std::int64_t k0 = 0; k0 < call.k; k0 += k_each) {
      const std::int64_t k = std::min(k_each, call.k - k0);
      const std::int64_t earlier = k0 / k_each * pieces_of(call.n, tiles.columns) * panel_bytes;
      const std::int64_t panel = (region.column + column) / tiles.columns;
      multiply_slab({
          .tiles = tiles,
          .call = call,
          .region = region,
          .k0 = k0,
          .k = k,
          .column0 = region.column + column,
          .columns = std::min(group_columns, region.columns - column),
          .block_rows = block_rows,
          .packed_a = packed_a,
          .packed_b = given ? whole_b + earlier + panel * panel_bytes_of(tiles, k) : packed_a + a_bytes,
          .given = given,
      });
    }
  }
}

struct Cut {
  std::int64_t rows;
  std::int64_t columns;
};

// As many regions as there are workers, where there is enough work: side by side if that leaves them wide enough.
Cut cut_of(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning) {
  if (tuning.cut_rows > 0 && tuning.cut_columns > 0) {
    return {.rows = std::min(tuning.cut_rows, pieces_of(call.m, tiles.rows)),
            .columns = std::min(tuning.cut_columns, pieces_of(call.n, tiles.columns))};
  }
  const std::int64_t work = call.m * call.n * call.k;
  const std::int64_t wanted = std::clamp<std::int64_t>(work / SMALLEST_TASK, 1, workers());
  const std::int64_t by_columns = std::clamp<std::int64_t>(call.n / LEAST_SPLIT, 1, wanted);
  const std::int64_t columns = call.n >= call.m || by_columns == wanted ? std::max(by_columns, std::int64_t{1}) : 1;
  const std::int64_t rows = std::min(pieces_of(wanted, columns), pieces_of(call.m, tiles.rows));
  return {.rows = std::max<std::int64_t>(rows, 1), .columns = columns};
}

Region region_of(const TileSet& tiles, const GemmCall& call, const Cut& cut, std::int64_t task) {
  const std::int64_t row = unit_start(call.m, tiles.rows, cut.rows, task / cut.columns);
  const std::int64_t column = unit_start(call.n, tiles.columns, cut.columns, task % cut.columns);
  return {.row = row,
          .rows = unit_start(call.m, tiles.rows, cut.rows, task / cut.columns + 1) - row,
          .column = column,
          .columns = unit_start(call.n, tiles.columns, cut.columns, task % cut.columns + 1) - column};
}

// Hands the later half out before it begins: regions are too few to wait until another worker asks for one.
void multiply_regions(const TileSet& tiles, const GemmCall& call, const GemmTuning& tuning, const Cut& cut,
                      std::int64_t begin, std::int64_t end) {
  if (end - begin == 1) {
    return multiply_region(tiles, call, tuning, region_of(tiles, call, cut, begin));
  }
  const std::int64_t middle = begin + (end - begin) / 2;
  auto right = spawn([&, middle, end] { multiply_regions(tiles, call, tuning, cut, middle, end); });
  multiply_regions(tiles, call, tuning, cut, begin, middle);
  right.sync();
}

}  // namespace

std::int64_t pack_panels(const TileSet& tiles, const PackB& call) {
  const std::int64_t k_each = k_block(tiles, call.k);
  const std::int64_t panels = pieces_of(call.n, tiles.columns);
  std::int64_t bytes = 0;
  for (std::int64_t k0 = 0; k0 < call.k; k0 += k_each) {
    const std::int64_t k = std::min(k_each, call.k - k0);
    const std::int64_t panel_bytes = panel_bytes_of(tiles, k);
    std::byte* const out = static_cast<std::byte*>(call.out) + bytes;
    bytes += panels * panel_bytes;
    if (call.out == nullptr) {
      continue;
    }
    parallel_for(panels, 4, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t panel = begin; panel < end; ++panel) {
        const std::int64_t column = panel * tiles.columns;
        tiles.pack_b({
            .data = element(call.b, k0, column, tiles.element_bytes),
            .outer_bytes = call.b.column * tiles.element_bytes,
            .inner_bytes = call.b.row * tiles.element_bytes,
            .outer = std::min(tiles.columns, call.n - column),
            .k = k,
            .out = out + panel * panel_bytes,
        });
      }
    });
  }
  return bytes;
}

void multiply_blocked(const TileSet& tiles, const GemmCall& call) {
  if (call.m == 0 || call.n == 0) {
    return;
  }
  scale_by_beta(call);
  if (call.k == 0) {
    finish(call, {.row = 0, .rows = call.m, .column = 0, .columns = call.n});
    return;
  }
  const GemmTuning tuning = tuning_of(call);
  const bool one_block = call.k <= k_block(tiles, call.k, tuned_or(tuning.k_bytes, STEPS_BYTES));
  const bool rule = tuning.path == GemmPath::rule;
  if (rule ? worth_direct(tiles, call) : tuning.path == GemmPath::in_place && one_block && can_direct(tiles, call)) {
    return multiply_direct(tiles, call);
  }
  const Cut cut = cut_of(tiles, call, tuning);
  multiply_regions(tiles, call, tuning, cut, 0, cut.rows * cut.columns);
}

}  // namespace assay::gemm_tiles
