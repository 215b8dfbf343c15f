// Element by element from the definition.

#include "plain.h"

namespace assay::blocks {
namespace {

double product_of(const BlockCall& call, std::int64_t row, std::int64_t output) {
  const std::int64_t tiles = block_tiles(call.rows);
  std::int64_t tile = 0;
  while (tile + 1 < tiles && block_tile_start(call.rows, tile + 1) <= row) {
    ++tile;
  }
  const std::int64_t first = block_tile_start(call.rows, tile);
  const std::int64_t rows = block_tile_start(call.rows, tile + 1) - first;
  const std::int32_t* a = call.rounded + first * rounded_row_words(call.shape.inputs) + (row - first);
  const std::byte* block = call.packed + output / BLOCK_OUTPUTS * call.shape.panel_bytes();
  double total = 0.0;
  for (std::int64_t group = 0; group < call.shape.groups(); ++group) {
    std::int32_t sum = 0;
    for (std::int64_t k = 0; k < BLOCK_GROUP; ++k) {
      std::int8_t four[4];
      std::memcpy(four, a + (2 + k / 4) * rows, 4);
      sum += four[k % 4] * weight_of(call.shape.kind, block + 64, output % BLOCK_OUTPUTS, k);
    }
    const float scale = half_as_float(block + output % BLOCK_OUTPUTS * 2);
    total +=
        static_cast<double>(sum) * static_cast<double>(scale) * static_cast<double>(__builtin_bit_cast(float, a[rows]));
    a += rows * (2 + BLOCK_GROUP / 4);
    block += call.shape.group_bytes();
  }
  return total;
}

void multiply_reference(const BlockCall& call) {
  for (std::int64_t row = 0; row < call.rows; ++row) {
    for (std::int64_t panel = call.first_panel; panel < call.first_panel + call.panels; ++panel) {
      float totals[BLOCK_OUTPUTS] = {};
      for (std::int64_t j = 0; j < BLOCK_OUTPUTS; ++j) {
        totals[j] = static_cast<float>(product_of(call, row, panel * BLOCK_OUTPUTS + j));
      }
      put_row(call, row, panel, totals);
    }
  }
}

ASSAY_KERNEL(blocks, round_rows, reference, &round_tiles<round_group>);
ASSAY_KERNEL(blocks, multiply_blocks, reference, &multiply_reference);

}  // namespace
}  // namespace assay::blocks
