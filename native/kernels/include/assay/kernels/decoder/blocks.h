// Products of activations and weights in blocks of 32, q8_0 and q4_0, packed once.
//
//   C(i, j) = sum over groups g of  S(g, j) * s(i, g) * sum over 32 k of g of  A(i, k) * W(k, j)
//
// Activations are rounded to int8 with one scale s for each 32 of a row, the largest magnitude becoming 127. The inner
// sums are exact; the outer one is added up in fp32, group by group, so that no cut changes a result.
//
// Packed weights: panels of 32 outputs, each panel its groups in order; a group is 32 fp16 scales, then lines of 64
// bytes. q8_0: line 2 p + h holds outputs 16 h to 16 h + 15, four bytes an output, W(4 p + j) + 128 being byte j.
// q4_0: likewise, byte j having W(8 p + j) + 8 in its low four bits and W(8 p + 4 + j) + 8 in the high ones. As many
// bytes as the file's format takes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/kernels/decoder/formats.h"
#include "assay/kernels/registry.h"

namespace assay {

inline constexpr std::int64_t BLOCK_OUTPUTS = 32;
inline constexpr std::int64_t BLOCK_GROUP = 32;
inline constexpr std::int64_t BLOCK_ROWS = 6;  // of activations that one tile has

struct BlockShape {
  WeightKind kind;      // q8_0 or q4_0
  std::int64_t inputs;  // a multiple of 32
  std::int64_t outputs;

  [[nodiscard, gnu::always_inline]] inline std::int64_t groups() const { return inputs / BLOCK_GROUP; }
  [[nodiscard, gnu::always_inline]] inline std::int64_t panels() const {
    return (outputs + BLOCK_OUTPUTS - 1) / BLOCK_OUTPUTS;
  }
  [[nodiscard, gnu::always_inline]] inline std::int64_t group_bytes() const {
    return kind == WeightKind::q8_0 ? 64 + 1024 : 64 + 512;
  }
  [[nodiscard, gnu::always_inline]] inline std::int64_t panel_bytes() const { return groups() * group_bytes(); }
  [[nodiscard, gnu::always_inline]] inline std::int64_t bytes() const { return panels() * panel_bytes(); }
};

// From rows as files have them; `out` is aligned to 64 bytes.
void pack_blocks(const BlockShape& shape, const std::byte* weights, std::byte* out);

// Activations as tiles read them, for each tile of at most 6 rows: for each group a word a row, less the sum of its
// int8; a scale a row; then, for each four k, a word a row.
[[nodiscard, gnu::always_inline]] inline std::int64_t rounded_row_words(std::int64_t inputs) {
  return inputs / BLOCK_GROUP * (2 + BLOCK_GROUP / 4);
}

// Some tiles of `count` rows.
struct RoundCall {
  const float* rows;
  std::int64_t row;    // elements from one to the next
  std::int64_t count;  // of rows
  std::int64_t inputs;
  std::int32_t* out;  // of row 0; rounded_row_words() for each row
  std::int64_t first_tile;
  std::int64_t tiles;
};
using RoundRows = void (*)(const RoundCall&);

// Where tile `index` begins: tiles of `rows` rows are as equal as they can be.
[[nodiscard, gnu::always_inline]] inline std::int64_t block_tiles(std::int64_t rows) {
  return (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
}
[[nodiscard, gnu::always_inline]] inline std::int64_t block_tile_start(std::int64_t rows, std::int64_t index) {
  return rows * index / block_tiles(rows);
}

struct BlockCall {
  BlockShape shape;
  const std::byte* packed;
  std::int64_t first_panel;
  std::int64_t panels;
  std::int64_t rows;
  const std::int32_t* rounded;  // of all rows
  float* out;                   // output 0 of row 0
  std::int64_t out_row;
  bool add;
  const float* bias;  // of output 0, or null
};
using MultiplyBlocks = void (*)(const BlockCall&);

// By the calling thread.
void round_rows(const RoundCall& call);
void multiply_blocks(const BlockCall& call);

// By one rung, for tests and comparisons.
void round_rows(const RoundCall& call, Rung rung);
void multiply_blocks(const BlockCall& call, Rung rung);

}  // namespace assay
