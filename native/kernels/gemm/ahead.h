// What a block of tiles fetches while it multiplies: the memory that the next packing reads, or the next panels.
#pragma once

#include <cstdint>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {

// `count` places `step` bytes apart, at each of them `lines` adjacent cache lines. A slot is what one tile fetches:
// `reach` places of one line.
struct Stream {
  const std::byte* data = nullptr;
  std::int64_t step = 0;
  std::int64_t count = 0;
  std::int64_t lines = 0;
  std::int64_t reach = 1;
  bool by_lines = true;  // all places of a line before the next line

  [[nodiscard]] std::int64_t slots() const;
  // Nothing new, harmlessly, where there is no such slot.
  [[nodiscard]] Ahead slot(std::int64_t index) const;
};

// The lines of a matrix of `rows` x `columns` elements whose rows are `row` bytes apart and columns `column`.
[[nodiscard]] Stream stream_of(const PackCall& matrix, std::int64_t element_bytes, std::int64_t reach);

// `bytes` adjacent bytes.
[[nodiscard]] Stream stream_of(const std::byte* data, std::int64_t bytes, std::int64_t reach);

}  // namespace assay::gemm_tiles
