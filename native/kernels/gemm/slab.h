// One slab of a blocked product: a block of k within a group of columns, and how it is multiplied.
#pragma once

#include <algorithm>
#include <cstdint>

#include "../gemm_tiles/tile.h"
#include "finish.h"

namespace assay::gemm_tiles {

inline std::int64_t pieces_of(std::int64_t total, std::int64_t most) { return (total + most - 1) / most; }

// Where piece `index` of `count` nearly equal pieces begins.
inline std::int64_t piece_start(std::int64_t total, std::int64_t count, std::int64_t index) {
  return total * index / count;
}

inline const std::byte* element(const MatrixView& view, std::int64_t row, std::int64_t column, std::int64_t bytes) {
  return static_cast<const std::byte*>(view.data) + (row * view.row + column * view.column) * bytes;
}

inline std::int64_t panel_bytes_of(const TileSet& tiles, std::int64_t k) {
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
  std::byte* packed_b;
  bool given;  // packed_b holds what it shall

  [[nodiscard]] std::int64_t steps() const { return round_up(pieces_of(k, tiles.depth), UNROLLED); }
  [[nodiscard]] std::int64_t panel_bytes() const { return panel_bytes_of(tiles, k); }
  [[nodiscard]] std::int64_t panels() const { return pieces_of(columns, tiles.columns); }
  [[nodiscard]] std::int64_t reach() const { return steps() / UNROLLED; }
  [[nodiscard]] std::int64_t blocks() const { return pieces_of(region.rows, block_rows); }
  [[nodiscard]] std::int64_t block_start(std::int64_t block) const {
    return region.row + piece_start(region.rows, blocks(), block);
  }
};

// Two places for packed A: one is filled while the other is used. The same, where nothing is filled meanwhile.
struct Places {
  std::byte* now;
  std::byte* next;
};

// Its packing.
[[nodiscard]] PackCall panel_of(const Slab& slab, std::int64_t panel);
[[nodiscard]] PackCall rows_of(const Slab& slab, std::int64_t block, std::byte* out);

// All blocks of a slab whose first A and first panel of B are packed; then what `next`, if any, begins with is, too.
void multiply_slab(const Slab& slab, const Slab* next, Places& a);

}  // namespace assay::gemm_tiles
