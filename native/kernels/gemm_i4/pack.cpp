#include <cstring>

#include "assay/kernels/gemm_i4.h"

namespace assay {
namespace {

constexpr int ZERO = 8;

unsigned code_of(const Int4Weights& weights, std::int64_t k, std::int64_t column) {
  const bool present = k < weights.k && column < weights.n;
  return static_cast<unsigned>(present ? weights.values[k * weights.row + column * weights.column] + ZERO : ZERO) & 15U;
}

void pack_block(const Int4Weights& weights, std::int64_t group, std::int64_t column0, std::byte* out) {
  for (std::int64_t j = 0; j < INT4_COLUMNS; ++j) {
    const bool present = column0 + j < weights.n;
    const float scale = present ? weights.scales[group * weights.n + column0 + j] : 0.0F;
    std::memcpy(out + j * 4, &scale, 4);
  }
  std::byte* const lines = out + INT4_COLUMNS * 4;
  for (std::int64_t at = 0; at < INT4_BLOCK_BYTES - INT4_COLUMNS * 4; ++at) {
    const std::int64_t line = at / 64;
    const std::int64_t k = group * INT4_GROUP + line / 2 * 8 + at % 4;
    const std::int64_t column = column0 + line % 2 * 16 + at % 64 / 4;
    lines[at] = static_cast<std::byte>(code_of(weights, k, column) | code_of(weights, k + 4, column) << 4U);
  }
}

std::int64_t groups_of(std::int64_t k) { return (k + INT4_GROUP - 1) / INT4_GROUP; }

}  // namespace

std::int64_t packed_int4_bytes(std::int64_t k, std::int64_t n) {
  return (n + INT4_COLUMNS - 1) / INT4_COLUMNS * groups_of(k) * INT4_BLOCK_BYTES;
}

void pack_int4(const Int4Weights& weights, void* out) {
  auto* at = static_cast<std::byte*>(out);
  for (std::int64_t column = 0; column < weights.n; column += INT4_COLUMNS) {
    for (std::int64_t group = 0; group < groups_of(weights.k); ++group) {
      pack_block(weights, group, column, at);
      at += INT4_BLOCK_BYTES;
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
