// What a block of tiles fetches while it multiplies: the memory that the next packing reads, or the next panels.
#pragma once

#include <cstdint>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {

// Slots, one after another; a slot is what one tile fetches: `reach` places of one line. Nothing is divided to find the
// next one: tiles are so short that a division each would show.
class Stream {
 public:
  Stream() = default;
  // The lines of what is packed: the longer way around first, so that a slot's places are `step` bytes apart.
  Stream(const PackCall& matrix, std::int64_t element_bytes, std::int64_t reach);
  // `bytes` adjacent bytes.
  Stream(const std::byte* data, std::int64_t bytes, std::int64_t reach);

  [[nodiscard]] std::int64_t left() const { return left_; }

  // One of those that are left.
  Ahead take() {
    const Ahead slot{at_, step_};
    at_ += inner_step_;
    --left_;
    if (--inner_left_ == 0) {
      outer_ += outer_step_;
      at_ = outer_;
      inner_left_ = inner_;
    }
    return slot;
  }

 private:
  Stream(const std::byte* data, std::int64_t step, std::int64_t chunks, std::int64_t lines, std::int64_t reach,
         bool by_lines);

  std::int64_t left_ = 0;
  const std::byte* at_ = nullptr;
  const std::byte* outer_ = nullptr;
  std::int64_t step_ = 0;  // bytes; likewise the other two
  std::int64_t inner_step_ = 0;
  std::int64_t outer_step_ = 0;
  std::int64_t inner_ = 0;
  std::int64_t inner_left_ = 0;
};

}  // namespace assay::gemm_tiles
