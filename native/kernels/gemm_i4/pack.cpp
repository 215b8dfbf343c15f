#include <algorithm>
#include <cstring>

#include "assay/kernels/gemm_i4.h"

namespace assay {
namespace {

unsigned code_of(const Int4Weights& weights, std::int64_t k, std::int64_t column) {
  const bool present = k < weights.shape.k && column < weights.shape.n;
  return present ? (weights.values[k * weights.row + column * weights.column] + unsigned{weights.offset}) & 15U : 0U;
}

void pack_block(const Int4Weights& weights, std::int64_t group, std::int64_t column0, std::byte* out) {
  const Int4Shape& shape = weights.shape;
  for (std::int64_t j = 0; j < INT4_COLUMNS; ++j) {
    const bool present = column0 + j < shape.n;
    const float scale = present ? weights.scales[group * shape.n + column0 + j] : 0.0F;
    std::memcpy(out + j * 4, &scale, 4);
  }
  std::byte* const lines = out + INT4_COLUMNS * 4;
  for (std::int64_t at = 0; at < shape.block_bytes() - INT4_COLUMNS * 4; ++at) {
    const std::int64_t line = at / 64;
    const std::int64_t k = group * shape.group + line / 2 * 8 + at % 4;
    const std::int64_t column = column0 + line % 2 * 16 + at % 64 / 4;
    lines[at] = static_cast<std::byte>(code_of(weights, k, column) | code_of(weights, k + 4, column) << 4U);
  }
}

}  // namespace

void pack_int4(const Int4Weights& weights, void* out) {
  const Int4Shape& shape = weights.shape;
  for (std::int64_t panel = 0; panel < shape.panels(); ++panel) {
    auto* const to = static_cast<std::byte*>(out) + panel * shape.panel_bytes();
    std::byte* const plane = to + shape.groups() * shape.block_bytes();
    std::fill(plane, to + shape.panel_bytes(), std::byte{0});
    for (std::int64_t group = 0; group < shape.groups(); ++group) {
      pack_block(weights, group, panel * INT4_COLUMNS, to + group * shape.block_bytes());
      for (std::int64_t j = 0; j < INT4_COLUMNS && weights.zeros != nullptr; ++j) {
        const std::int64_t column = panel * INT4_COLUMNS + j;
        const std::uint8_t zero = column < shape.n ? weights.zeros[group * shape.n + column] : std::uint8_t{0};
        plane[group * INT4_COLUMNS + j] = static_cast<std::byte>(zero & 15U);
      }
    }
  }
}

void gemm_int4(const Int4Call& call) {
  static const auto best = function_of<Int4Gemm>(best_kernel("gemm_i4", "multiply_i4"));
  best(call);
}

void gemm_int4(const Int4Call& call, Rung rung) {
  function_of<Int4Gemm>(kernel_at("gemm_i4", "multiply_i4", rung))(call);
}

}  // namespace assay
