// Products of int8 activations and int4 weights with a scale for every 32 weights of a column:
//
//   C(i, j) = scale(i) * sum over groups g of  scale(g, j) * sum over k in g of  A(i, k) * W(k, j),   W in [-8, 7]
//
// The inner sums are exact; the outer one is added up in fp32, whose standard bound therefore holds for k / 32 terms.
//
// Packed weights: panels of 32 columns, each panel its groups in order; a group is 32 fp32 scales, then 8 lines of 64
// bytes. Line 2 p + h holds columns 16 h to 16 h + 15, four bytes a column: byte j has W(8 p + j) + 8 in its low four
// bits and W(8 p + 4 + j) + 8 in the high ones. Missing rows and columns are zeros with scale 0. 5 bits a weight.
#pragma once

#include <cstdint>

#include "assay/kernels/registry.h"

namespace assay {

inline constexpr std::int64_t INT4_GROUP = 32;
inline constexpr std::int64_t INT4_COLUMNS = 32;
inline constexpr std::int64_t INT4_BLOCK_BYTES = INT4_COLUMNS * 4 + INT4_GROUP * INT4_COLUMNS / 2;

struct Int4Weights {
  std::int64_t k;
  std::int64_t n;
  const std::int8_t* values;  // in [-8, 7]; element (k, j) at k * row + j * column
  std::int64_t row;
  std::int64_t column;
  const float* scales;  // of group g and column j at g * n + j
};

[[nodiscard]] std::int64_t packed_int4_bytes(std::int64_t k, std::int64_t n);

// `out` is best aligned to 64 bytes.
void pack_int4(const Int4Weights& weights, void* out);

struct Int4Call {
  std::int64_t m;
  std::int64_t n;
  std::int64_t k;
  const std::int8_t* a;  // rows adjacent in k
  std::int64_t a_row;
  const float* a_scales;  // one a row, or null for 1
  const void* packed;
  float* c;
  std::int64_t c_row;
};

using Int4Gemm = void (*)(const Int4Call&);

void gemm_int4(const Int4Call& call);
void gemm_int4(const Int4Call& call, Rung rung);

}  // namespace assay
