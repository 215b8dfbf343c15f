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
        row_panels_(block.row_panels()),
        all_(slab_.panels() * row_panels_),
        thin_(slab_.given && row_panels_ <= 2),
        a_(Haul::of_rows(tiles_, block.next_a)) {}

  void multiply() {
    for (std::int64_t panel = 0; panel < slab_.panels(); ++panel) {
      const bool packs = block_.packs_b && panel + 1 < slab_.panels();
      const PackCall next = packs                        ? panel_of(slab_, panel + 1)
                            : panel + 1 < slab_.panels() ? PackCall{}
                                                         : block_.next_b;
      b_ = Haul::of_panel(tiles_, next, packs || block_.room_for_next_b());
      share_ = std::max(SHARE, round_up(pieces_of(b_.left(), row_panels_), UNROLLED));
      for (std::int64_t row_panel = 0; row_panel < row_panels_; ++row_panel) {
        multiply_tile(panel, row_panel);
      }
      b_.finish(tiles_);
    }
    a_.finish(tiles_);
  }

 private:
  void multiply_tile(std::int64_t panel, std::int64_t row_panel) {
    const GemmCall& call = slab_.call;
    const std::int64_t start = piece_start(block_.rows, row_panels_, row_panel);
    const std::int64_t column = panel * tiles_.columns;
    const std::int64_t c_row_bytes = call.c_row * tiles_.result_bytes;
    TileCall tile{
        .rows = piece_start(block_.rows, row_panels_, row_panel + 1) - start,
        .columns = std::min(tiles_.columns, slab_.columns - column),
        .steps = slab_.steps(),
        .a = block_.packed_a + start * ROW_STRIDE,
        .b = slab_.packed_b + panel * slab_.panel_bytes(),
        .c = static_cast<std::byte*>(call.c) + (block_.row0 + start) * c_row_bytes +
             (slab_.column0 + column) * tiles_.result_bytes,
        .c_row_bytes = c_row_bytes,
        .alpha = call.alpha,
        .accumulate = slab_.k0 > 0 || call.beta != 0.0,
        .ahead_a = {},
        .ahead_b = {},
        .dense = thin_,
        .carry = {},
    };
    look_ahead(tile, panel * row_panels_ + row_panel, row_panel);
    tiles_.tile(tile);
  }

  // What the tile fetches and carries beside its own work.
  void look_ahead(TileCall& tile, std::int64_t done, std::int64_t row_panel) {
    if (thin_) {
      const std::byte* const next = tile.b + (row_panels_ == 1 ? NEAR_BYTES : slab_.panel_bytes());
      tile.ahead_a = second_half(next, row_panels_);
      tile.ahead_b = {next + row_panel * LINE, FOUR_STEPS};
      return;
    }
    if (slab_.reach() <= tile.rows) {
      return;  // all its time goes into fetching C
    }
    const std::int64_t late = all_ - block_.late_a.slots();  // what is fetched early would be gone again
    tile.ahead_a = or_near(a_.left() > 0 ? a_.following() : block_.late_a.slot(done - late), tile);
    tile.ahead_b = or_near(block_.late_b.slot((done + row_panels_) * block_.late_b.slots() / all_), tile);
    const std::int64_t free = slab_.reach() - std::min(slab_.reach(), tile.rows);  // of fetching C
    const std::int64_t most = std::min(share_, free) / UNROLLED * UNROLLED;
    if (most > 0 && b_.left() > 0) {
      carry(tile, b_, most);
    } else if (most > 0 && a_.left() > 0 && (block_.packs_b || (all_ - done) * most <= a_.left() + a_.left() / 8)) {
      carry(tile, a_, most);
    }
  }

  // Where nothing is left to fetch, what is near: an address outside all memory would cost a search for its page.
  static Ahead or_near(const Ahead& ahead, const TileCall& tile) { return ahead.step == 0 ? Ahead{tile.b, 0} : ahead; }

  static void carry(TileCall& tile, Haul& haul, std::int64_t most) {
    tile.carry = haul.take(most);
    tile.ahead_b = or_near(haul.following(), tile);
  }

  const Block& block_;
  const Slab& slab_;
  const TileSet& tiles_;
  const std::int64_t row_panels_;
  const std::int64_t all_;
  const bool thin_;  // a panel is read from memory for one or two tiles only
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
        .late_a = stream_of(next_a, bytes, slab.reach()),
        .late_b = packs_b ? stream_of(columns_of(slab, 0, slab.columns), bytes, slab.reach())
                          : stream_of(slab.packed_b, packed_bytes, slab.reach()),
    };
    BlockRun(block).multiply();
    std::swap(a.now, a.next);
    if (slab.k0 + slab.k == slab.call.k) {
      finish(slab.call, {.row = block.row0, .rows = block.rows, .column = slab.column0, .columns = slab.columns});
    }
  }
}

}  // namespace assay::gemm_tiles
