#include "slab.h"

#include <utility>

#include "ahead.h"
#include "haul.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t LINE = 64;
constexpr std::int64_t NEAR_BYTES = 4096;          // what memory delivers while it answers one request
constexpr std::int64_t FOUR_STEPS = 4 * 2 * LINE;  // bytes of a panel
constexpr std::int64_t SHARE = 64;                 // pieces that one tile carries, if that suffices

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

// One block of rows of a slab, and what is packed or fetched for those that follow.
struct Block {
  const Slab& slab;
  std::int64_t row0;
  std::int64_t rows;
  bool packs_b;  // panel by panel, each while the one before it is used
  const std::byte* packed_a;
  PackCall next_a;
  PackCall next_b;  // the first panel of the slab that follows
  Stream late_a;    // the memory of next_a
  Stream late_b;    // of B, or the panels

  [[nodiscard]] std::int64_t row_panels() const { return pieces_of(rows, slab.tiles.rows); }
  // While the last panel of this slab is used.
  [[nodiscard]] bool room_for_next_b() const {
    return panel_bytes_of(slab.tiles, next_b.k) <= (slab.panels() - 1) * slab.panel_bytes();
  }
};

// The odd lines of the next panel, unless another tile of two fetches them.
Ahead second_half(const std::byte* next, std::int64_t row_panels) {
  return row_panels == 1 ? Ahead{next + LINE, FOUR_STEPS} : Ahead{next, 0};
}

class BlockRun {
 public:
  explicit BlockRun(const Block& block)
      : block_(block),
        slab_(block.slab),
        tiles_(slab_.tiles),
        panels_(slab_.panels()),
        panel_bytes_(slab_.panel_bytes()),
        reach_(slab_.reach()),
        row_panels_(block.row_panels()),
        rows_(block.rows / row_panels_),
        longer_(block.rows % row_panels_),
        thin_(slab_.given && row_panels_ <= 2),
        tiles_left_(panels_ * row_panels_),
        late_a_(block.late_a),
        late_b_(block.late_b),
        share_b_(late_b_.left()),
        all_(tiles_left_),
        a_(Haul::of_rows(tiles_, block.next_a)) {
    for (std::int64_t skipped = row_panels_ * share_b_ / all_; skipped > 0; --skipped) {
      static_cast<void>(late_b_.take());  // the first panel is packed already
    }
  }

  void multiply() {
    for (std::int64_t panel = 0; panel < panels_; ++panel) {
      const bool packs = block_.packs_b && panel + 1 < panels_;
      const PackCall next = packs ? panel_of(slab_, panel + 1) : panel + 1 < panels_ ? PackCall{} : block_.next_b;
      b_ = Haul::of_panel(tiles_, next, packs || block_.room_for_next_b());
      share_ = b_.left() == 0 ? SHARE : std::max(SHARE, round_up(pieces_of(b_.left(), row_panels_), UNROLLED));
      multiply_panel(panel);
      b_.finish(tiles_);
    }
    a_.finish(tiles_);
  }

 private:
  void multiply_panel(std::int64_t panel) {
    const GemmCall& call = slab_.call;
    const std::int64_t column = panel * tiles_.columns;
    const std::int64_t c_row_bytes = call.c_row * tiles_.result_bytes;
    TileCall tile{
        .rows = 0,
        .columns = std::min(tiles_.columns, slab_.columns - column),
        .steps = reach_ * UNROLLED,
        .a = block_.packed_a,
        .b = slab_.packed_b + panel * panel_bytes_,
        .c = static_cast<std::byte*>(call.c) + block_.row0 * c_row_bytes +
             (slab_.column0 + column) * tiles_.result_bytes,
        .c_row_bytes = c_row_bytes,
        .alpha = call.alpha,
        .accumulate = slab_.k0 > 0 || call.beta != 0.0,
        .ahead_a = {},
        .ahead_b = {},
        .dense = thin_,
        .carry = {},
    };
    for (std::int64_t row_panel = 0; row_panel < row_panels_; ++row_panel) {
      tile.rows = rows_ + (row_panel < longer_ ? 1 : 0);
      look_ahead(tile, row_panel);
      tiles_.tile(tile);
      --tiles_left_;
      tile.a += tile.rows * tiles_.row_stride();
      tile.c += tile.rows * c_row_bytes;
    }
  }

  // What the tile fetches and carries beside its own work.
  void look_ahead(TileCall& tile, std::int64_t row_panel) {
    if (thin_) {
      const std::byte* const next = tile.b + (row_panels_ == 1 ? NEAR_BYTES : panel_bytes_);
      tile.ahead_a = second_half(next, row_panels_);
      tile.ahead_b = {next + row_panel * LINE, FOUR_STEPS};
      return;
    }
    // Where nothing is left to fetch, what is near: an address outside all memory would cost a search for its page.
    tile.ahead_a = tile.ahead_b = {tile.b, 0};
    tile.carry.count = 0;
    if (reach_ <= tile.rows) {
      return;  // all its time goes into fetching C
    }
    if (a_.left() > 0) {
      tile.ahead_a = a_.following();
    } else if (late_a_.left() >= tiles_left_) {  // what is fetched early would be gone again
      tile.ahead_a = late_a_.take();
    }
    for (due_b_ += share_b_; due_b_ >= all_; due_b_ -= all_) {
      tile.ahead_b = late_b_.left() > 0 ? late_b_.take() : tile.ahead_b;
    }
    const std::int64_t most = std::min(share_, reach_ - tile.rows) / UNROLLED * UNROLLED;
    if (most > 0 && b_.left() > 0) {
      carry(tile, b_, most);
    } else if (most > 0 && a_.left() > 0 && (block_.packs_b || tiles_left_ * most <= a_.left() + a_.left() / 8)) {
      carry(tile, a_, most);
    }
  }

  static void carry(TileCall& tile, Haul& haul, std::int64_t most) {
    tile.carry = haul.take(most);
    tile.ahead_b = haul.left() > 0 ? haul.following() : Ahead{tile.b, 0};
  }

  const Block& block_;
  const Slab& slab_;
  const TileSet& tiles_;
  const std::int64_t panels_;
  const std::int64_t panel_bytes_;
  const std::int64_t reach_;
  const std::int64_t row_panels_;
  const std::int64_t rows_;    // of a tile
  const std::int64_t longer_;  // so many tiles have one row more
  const bool thin_;            // a panel is read from memory for one or two tiles only
  std::int64_t tiles_left_;
  Stream late_a_;
  Stream late_b_;
  const std::int64_t share_b_;  // slots of late_b_ for all tiles
  const std::int64_t all_;
  std::int64_t due_b_ = 0;
  std::int64_t share_ = 0;
  Haul a_;
  Haul b_;
};

}  // namespace

PackCall panel_of(const Slab& slab, std::int64_t panel) {
  const std::int64_t first = panel * slab.tiles.columns;
  return columns_of(slab, first, std::min(slab.tiles.columns, slab.columns - first));
}

PackCall rows_of(const Slab& slab, std::int64_t block, std::byte* out) {
  const std::int64_t bytes = slab.tiles.element_bytes;
  const MatrixView& a = slab.call.a;
  const std::int64_t row0 = slab.block_start(block);
  return {
      .data = element(a, row0, slab.k0, bytes),
      .outer_bytes = a.row * bytes,
      .inner_bytes = a.column * bytes,
      .outer = slab.block_start(block + 1) - row0,
      .k = slab.k,
      .out = out,
  };
}

void multiply_slab(const Slab& slab, const Slab* next, Places& a) {
  const std::int64_t packed_bytes = slab.panels() * slab.panel_bytes();
  for (std::int64_t index = 0; index < slab.blocks(); ++index) {
    const bool last = index + 1 == slab.blocks();
    const bool packs_b = index == 0 && !slab.given;
    const PackCall next_a = !last ? rows_of(slab, index + 1, a.next) : next ? rows_of(*next, 0, a.next) : PackCall{};
    const std::int64_t bytes = slab.tiles.element_bytes;
    const Block block{
        .slab = slab,
        .row0 = slab.block_start(index),
        .rows = slab.block_start(index + 1) - slab.block_start(index),
        .packs_b = packs_b,
        .packed_a = a.now,
        .next_a = next_a,
        .next_b = last && next && !slab.given ? panel_of(*next, 0) : PackCall{},
        .late_a = Stream(next_a, bytes, slab.reach()),
        .late_b = packs_b ? Stream(columns_of(slab, 0, slab.columns), bytes, slab.reach())
                          : Stream(slab.packed_b, packed_bytes, slab.reach()),
    };
    BlockRun(block).multiply();
    std::swap(a.now, a.next);
    if (slab.k0 + slab.k == slab.call.k) {
      finish(slab.call, {.row = block.row0, .rows = block.rows, .column = slab.column0, .columns = slab.columns});
    }
  }
}

}  // namespace assay::gemm_tiles
