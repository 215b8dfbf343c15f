// Products of int8 activations and int4 weights with a scale, and maybe a zero point, for each group of a column:
//
//   C(i, j) = activation(alpha * s(i) * sum over groups g of  S(g, j) * sum over k in g of  A(i, k) * (W(k, j) - Z(g,
//   j))
//                        + beta * C(i, j) + bias(j)),   W and Z in [0, 15]
//
// The inner sums are exact; the outer one is added up in fp32, whose standard bound therefore holds for k / group
// terms. Activations in fp32 are rounded to int8 first, with one scale a row: the largest magnitude becomes 127.
//
// Packed weights: panels of 32 columns, each panel its groups in order; a group is 32 fp32 scales, then 8 lines of 64
// bytes for every 32 of k. Line 2 p + h of them holds columns 16 h to 16 h + 15, four bytes a column: byte j has
// W(8 p + j) in its low four bits and W(8 p + 4 + j) in the high ones. Where there are zero points, 32 bytes a group
// follow the groups of a panel. Missing rows and columns have scale 0. 4 + 32 / group bits a weight, and 8 / group
// more.
#pragma once

#include <cstdint>

#include "assay/kernels/gemm.h"
#include "assay/kernels/registry.h"

namespace assay {

inline constexpr std::int64_t INT4_COLUMNS = 32;
inline constexpr std::int64_t INT4_LEAST_GROUP = 32;
inline constexpr std::int64_t INT4_MOST_GROUP = 128;
inline constexpr int INT4_ZERO = 8;  // where there are no zero points

// How packed weights lie. A group has a multiple of 32 weights, at most 128.
struct Int4Shape {
  std::int64_t k;
  std::int64_t n;
  std::int64_t group;
  bool zero_points;

  // Always inlined: kernels of several instruction sets must share no code of it.
  [[nodiscard, gnu::always_inline]] std::int64_t groups() const { return (k + group - 1) / group; }
  [[nodiscard]] std::int64_t panels() const { return (n + INT4_COLUMNS - 1) / INT4_COLUMNS; }
  [[nodiscard]] std::int64_t block_bytes() const { return INT4_COLUMNS * 4 + group * INT4_COLUMNS / 2; }
  [[nodiscard]] std::int64_t panel_bytes() const {
    const std::int64_t plane = zero_points ? (groups() + 1) / 2 * 2 * INT4_COLUMNS : 0;
    return groups() * block_bytes() + plane;
  }
  [[nodiscard]] std::int64_t bytes() const { return panels() * panel_bytes(); }
};

struct Int4Weights {
  Int4Shape shape;
  const std::uint8_t* values;  // element (k, j) at k * row + j * column
  std::int64_t row;
  std::int64_t column;
  std::uint8_t offset;        // added to a value, modulo 16: 8 where they are signed
  const float* scales;        // of group g and column j at g * n + j
  const std::uint8_t* zeros;  // likewise; null where there are none
};

// `out` is best aligned to 64 bytes.
void pack_int4(const Int4Weights& weights, void* out);

struct Int4Call {
  Int4Shape shape;
  std::int64_t m;
  const void* a;  // int8, or fp32; its columns are adjacent
  bool a_is_fp32;
  std::int64_t a_row;     // elements
  const float* a_scales;  // one a row, or null for 1; not for fp32
  const void* packed;
  float* c;
  std::int64_t c_row;
  double alpha = 1.0;
  double beta = 0.0;            // with 0, C is not read
  const float* bias = nullptr;  // n values, or null
  Activation activation = Activation::none;
};

using Int4Gemm = void (*)(const Int4Call&);

void gemm_int4(const Int4Call& call);
void gemm_int4(const Int4Call& call, Rung rung);

}  // namespace assay
