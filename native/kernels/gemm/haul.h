// Packing that tiles do on the side: copying, a piece for every few steps.
#pragma once

#include <cstdint>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {

// What is left to copy: `runs` runs of `run` pieces.
class Haul {
 public:
  Haul() = default;

  // One panel of B whose rows are as long as a piece; the last few rows, and any other panel, are left to pack_b(),
  // as is all while its place is in use.
  static Haul of_panel(const TileSet& tiles, const PackCall& panel, bool is_free);
  // A whose rows are adjacent along k; what is no whole piece of a row is left to pack_a().
  static Haul of_rows(const TileSet& tiles, const PackCall& rows);

  [[nodiscard]] std::int64_t left() const { return runs_ * run_ - done_; }
  // The next pieces, at most so many.
  [[nodiscard]] Carry take(std::int64_t most);
  // Where what follows is read.
  [[nodiscard]] Ahead following() const;
  // Packs what was not copied.
  void finish(const TileSet& tiles) const;

 private:
  PackCall call_{};
  std::int64_t run_ = 0;
  std::int64_t runs_ = 0;
  std::int64_t from_step_ = 0;  // bytes from one piece of a run to the next, and from one run to the next
  std::int64_t from_run_ = 0;
  std::int64_t to_step_ = 0;
  std::int64_t to_run_ = 0;
  std::int64_t done_ = 0;
  bool of_b_ = false;
};

}  // namespace assay::gemm_tiles
