#include "haul.h"

#include <algorithm>

namespace assay::gemm_tiles {

Haul Haul::of_panel(const TileSet& tiles, const PackCall& panel, bool is_free) {
  Haul haul;
  haul.call_ = panel;
  haul.of_b_ = true;
  if (is_free && tiles.carries && panel.outer_bytes == tiles.element_bytes && panel.outer == tiles.columns) {
    haul.run_ = panel.k / UNROLLED * UNROLLED;
    haul.runs_ = 1;
    haul.from_step_ = panel.inner_bytes;
    haul.to_step_ = PIECE_BYTES;
  }
  return haul;
}

Haul Haul::of_rows(const TileSet& tiles, const PackCall& rows) {
  Haul haul;
  haul.call_ = rows;
  if (tiles.carries && rows.inner_bytes == tiles.element_bytes) {
    haul.run_ = rows.outer;
    haul.runs_ = rows.k * tiles.element_bytes / PIECE_BYTES;
    haul.from_step_ = rows.outer_bytes;
    haul.from_run_ = haul.to_run_ = PIECE_BYTES;
    haul.to_step_ = ROW_STRIDE;
  }
  return haul;
}

Carry Haul::take(std::int64_t most) {
  const std::int64_t in_run = done_ % run_;
  const std::int64_t runs = done_ / run_;
  const std::int64_t left = run_ - in_run;
  const std::int64_t tiles = (left + most - 1) / most;
  const std::int64_t count = std::min({round_up((left + tiles - 1) / tiles, UNROLLED), most, left});
  done_ += count;
  return {.from = call_.data + runs * from_run_ + in_run * from_step_,
          .from_step = from_step_,
          .to = call_.out + runs * to_run_ + in_run * to_step_,
          .to_step = to_step_,
          .count = count};
}

Ahead Haul::following() const {
  if (left() == 0) {
    return {call_.data, 0};
  }
  return {call_.data + done_ / run_ * from_run_ + done_ % run_ * from_step_, from_step_};
}

void Haul::finish(const TileSet& tiles) const {
  PackCall rest = call_;
  if (rest.k == 0 || rest.outer == 0) {
    return;
  }
  if (of_b_) {
    rest.k -= done_;
    rest.data += done_ * from_step_;
    rest.out += done_ * to_step_;
  } else if (run_ > 0) {
    const std::int64_t bytes = done_ / run_ * PIECE_BYTES;
    rest.k -= bytes / tiles.element_bytes;
    rest.data += bytes;
    rest.out += bytes;
  }
  if (rest.k > 0) {
    of_b_ ? tiles.pack_b(rest) : tiles.pack_a(rest);
  }
}

}  // namespace assay::gemm_tiles
