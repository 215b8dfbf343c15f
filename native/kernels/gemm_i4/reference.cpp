// The definition, added up in fp64 and rounded once.

#include <cstring>
#include <vector>

#include "rows.h"

namespace assay::gemm_i4 {
namespace {

std::int64_t weight(const std::byte* block, std::int64_t k, std::int64_t column) {
  const std::int64_t line = k / 8 * 2 + column / 16;
  const auto pair = static_cast<unsigned>(block[INT4_COLUMNS * 4 + line * 64 + column % 16 * 4 + k % 4]);
  return static_cast<std::int64_t>(k % 8 < 4 ? pair & 15U : pair >> 4U);
}

double element(const Int4Call& call, const std::vector<std::int8_t>& a, std::int64_t column) {
  const Int4Shape& shape = call.shape;
  const std::int64_t lane = column % INT4_COLUMNS;
  const std::byte* block = static_cast<const std::byte*>(call.packed) + column / INT4_COLUMNS * shape.panel_bytes();
  const std::byte* const zeros = block + shape.groups() * shape.block_bytes() + lane;
  double total = 0.0;
  for (std::int64_t group = 0; group < shape.groups(); ++group, block += shape.block_bytes()) {
    const std::int64_t zero = shape.zero_points ? static_cast<std::int64_t>(zeros[group * INT4_COLUMNS]) : INT4_ZERO;
    std::int64_t sum = 0;
    for (std::int64_t k = 0; k < shape.group; ++k) {
      sum += a[static_cast<std::size_t>(group * shape.group + k)] * (weight(block, k, lane) - zero);
    }
    float scale = 0.0F;
    std::memcpy(&scale, block + lane * 4, 4);
    total += static_cast<double>(scale) * static_cast<double>(sum);
  }
  return total;
}

void multiply_i4(const Int4Call& call) {
  std::vector<std::int8_t> a(static_cast<std::size_t>(call.shape.groups() * call.shape.group));
  for (std::int64_t i = 0; i < call.m; ++i) {
    const float scale = take_row(call, i, a.data());
    for (std::int64_t j = 0; j < call.shape.n; ++j) {
      const auto total = static_cast<float>(element(call, a, j));
      finish_row(call, {.row = i, .column = j, .columns = 1, .scale = scale, .totals = &total});
    }
  }
}

ASSAY_KERNEL(gemm_i4, multiply_i4, reference, &multiply_i4);

}  // namespace
}  // namespace assay::gemm_i4
