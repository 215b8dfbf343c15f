#include "haul.h"

namespace assay::gemm_tiles {

void Haul::begin(std::int64_t run, std::int64_t runs, std::int64_t from_step, std::int64_t to_step) {
  left_ = run * runs;
  run_ = in_run_ = run;
  from_step_ = from_step;
  to_step_ = to_step;
}

Haul Haul::of_panel(const TileSet& tiles, const PackCall& panel, bool is_free) {
  Haul haul(panel);
  haul.of_b_ = true;
  if (is_free && tiles.carries && panel.outer_bytes == tiles.element_bytes && panel.outer == tiles.columns) {
    haul.begin(panel.k / UNROLLED * UNROLLED, 1, panel.inner_bytes, PIECE_BYTES);
  }
  return haul;
}

Haul Haul::of_rows(const TileSet& tiles, const PackCall& rows) {
  Haul haul(rows);
  if (tiles.carries && rows.inner_bytes == tiles.element_bytes) {
    haul.begin(rows.outer, rows.k * tiles.element_bytes / PIECE_BYTES, rows.outer_bytes, tiles.row_stride());
  }
  return haul;
}

void Haul::finish(const TileSet& tiles) const {
  PackCall rest = call_;
  if (rest.k == 0 || rest.outer == 0) {
    return;
  }
  if (of_b_) {
    const std::int64_t done = runs_done_ > 0 ? run_ : run_ - in_run_;
    rest.k -= done;
    rest.data += done * from_step_;
    rest.out += done * to_step_;
  } else {
    const std::int64_t bytes = runs_done_ * PIECE_BYTES;
    rest.k -= bytes / tiles.element_bytes;
    rest.data += bytes;
    rest.out += bytes;
  }
  if (rest.k > 0) {
    of_b_ ? tiles.pack_b(rest) : tiles.pack_a(rest);
  }
}

}  // namespace assay::gemm_tiles
