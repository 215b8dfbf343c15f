// The definition, added up in fp64 and rounded once.

#include <cstring>

#include "assay/kernels/gemm_i4.h"

namespace assay {
namespace {

constexpr int ZERO = 8;

std::int64_t weight(const std::byte* block, std::int64_t k, std::int64_t column) {
  const std::int64_t line = k / 8 * 2 + column / 16;
  const auto pair = static_cast<unsigned>(block[INT4_COLUMNS * 4 + line * 64 + column % 16 * 4 + k % 4]);
  return static_cast<std::int64_t>(k % 8 < 4 ? pair & 15U : pair >> 4U) - ZERO;
}

double element(const Int4Call& call, std::int64_t row, std::int64_t column) {
  const std::int64_t groups = (call.k + INT4_GROUP - 1) / INT4_GROUP;
  const std::byte* block =
      static_cast<const std::byte*>(call.packed) + column / INT4_COLUMNS * groups * INT4_BLOCK_BYTES;
  double total = 0.0;
  for (std::int64_t k0 = 0; k0 < call.k; k0 += INT4_GROUP, block += INT4_BLOCK_BYTES) {
    std::int64_t sum = 0;
    for (std::int64_t k = 0; k < INT4_GROUP && k0 + k < call.k; ++k) {
      sum += call.a[row * call.a_row + k0 + k] * weight(block, k, column % INT4_COLUMNS);
    }
    float scale = 0.0F;
    std::memcpy(&scale, block + column % INT4_COLUMNS * 4, 4);
    total += static_cast<double>(scale) * static_cast<double>(sum);
  }
  return total;
}

void multiply_i4(const Int4Call& call) {
  for (std::int64_t i = 0; i < call.m; ++i) {
    const double scale = call.a_scales == nullptr ? 1.0 : static_cast<double>(call.a_scales[i]);
    for (std::int64_t j = 0; j < call.n; ++j) {
      call.c[i * call.c_row + j] = static_cast<float>(scale * element(call, i, j));
    }
  }
}

ASSAY_KERNEL(gemm_i4, multiply_i4, reference, &multiply_i4);

}  // namespace
}  // namespace assay
