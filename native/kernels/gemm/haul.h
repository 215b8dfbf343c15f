// Packing that tiles do on the side: copying, a piece for every few steps.
#pragma once

#include <cstdint>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {

// What is left to copy: runs of pieces. Nothing is divided between tiles, which are too short for it.
class Haul {
 public:
  Haul() = default;
  explicit Haul(const PackCall& call) : call_(call), from_(call.data), to_(call.out) {}

  // One panel of B whose rows are as long as a piece; the last few rows, and any other panel, are left to pack_b(),
  // as is all while its place is in use.
  static Haul of_panel(const TileSet& tiles, const PackCall& panel, bool is_free);
  // A whose rows are adjacent along k; what is no whole piece of a row is left to pack_a().
  static Haul of_rows(const TileSet& tiles, const PackCall& rows);

  [[nodiscard]] std::int64_t left() const { return left_; }

  // The next pieces, at most so many, of those that are left.
  Carry take(std::int64_t most) {
    const std::int64_t count = least(most, in_run_);
    const Carry carry{.from = from_, .from_step = from_step_, .to = to_, .to_step = to_step_, .count = count};
    from_ += count * from_step_;
    to_ += count * to_step_;
    left_ -= count;
    in_run_ -= count;
    if (in_run_ == 0) {
      ++runs_done_;
      from_ = call_.data + runs_done_ * PIECE_BYTES;
      to_ = call_.out + runs_done_ * PIECE_BYTES;
      in_run_ = run_;
    }
    return carry;
  }

  // Where what follows is read.
  [[nodiscard]] Ahead following() const { return {from_, left_ == 0 ? 0 : from_step_}; }
  // Packs what was not copied.
  void finish(const TileSet& tiles) const;

 private:
  void begin(std::int64_t run, std::int64_t runs, std::int64_t from_step, std::int64_t to_step);

  PackCall call_{};
  std::int64_t left_ = 0;
  std::int64_t run_ = 0;  // pieces of a run; runs are a piece apart
  std::int64_t in_run_ = 0;
  std::int64_t runs_done_ = 0;
  const std::byte* from_ = nullptr;
  std::byte* to_ = nullptr;
  std::int64_t from_step_ = 0;  // bytes from one piece of a run to the next
  std::int64_t to_step_ = 0;
  bool of_b_ = false;
};

}  // namespace assay::gemm_tiles
