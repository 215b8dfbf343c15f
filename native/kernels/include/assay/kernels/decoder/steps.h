// What a decoder of language does between its products: norms, rotations, gates and attention. All in fp32.
#pragma once

#include <cstdint>

#include "assay/kernels/registry.h"

namespace assay {

// out = in / sqrt(mean(in^2) + epsilon) * weight, row by row.
struct NormCall {
  const float* in;
  std::int64_t in_row;  // elements from one row to the next
  const float* weight;
  float* out;  // may be `in`
  std::int64_t out_row;
  std::int64_t rows;
  std::int64_t columns;
  float epsilon;
};
using Norm = void (*)(const NormCall&);

// Turns pairs of each head by angles whose cosines and sines are given. Pairs are (i, i + pairs), or (2 i, 2 i + 1)
// where `interleaved`. What lies behind them stays.
struct RotateCall {
  float* heads;
  std::int64_t head_row;  // elements from one head to the next
  std::int64_t count;
  const float* cosines;
  const float* sines;
  std::int64_t pairs;
  bool interleaved;
};
using Rotate = void (*)(const RotateCall&);

enum class Gate : std::int8_t { silu, gelu, gelu_tanh, relu };

// values = gate(values), or gate(values) * factors where there are factors.
struct GateCall {
  Gate gate;
  float* values;
  const float* factors;  // or null
  std::int64_t count;
};
using ApplyGate = void (*)(const GateCall&);

// Keys and values lie in pages of so many positions.
inline constexpr std::int64_t PAGE_POSITIONS = 64;
inline constexpr std::int64_t KEY_POSITIONS = 16;  // of them, keys' elements lie beside each other
inline constexpr std::int64_t ATTEND_ROWS = 48;    // at most, in one call

// out(r) = softmax(scale * q(r) K^T over positions [first(r), end(r))) V, for rows that share keys and values. A page
// of keys is (4, head_dim, 16): 16 positions beside each other. A page of values is (64, padded), padded being head_dim
// rounded up to 16 and what lies behind head_dim finite. Positions outside of all rows' ranges are not read; every row
// has at least one position.
struct AttendCall {
  std::int64_t rows;
  const float* const* q;  // each head_dim
  float* const* out;      // likewise
  const std::int64_t* first;
  const std::int64_t* end;
  const float* const* keys;    // page by page, from position 0
  const float* const* values;  // likewise
  std::int64_t head_dim;
  float scale;
  float* scratch;  // attend_scratch() elements, aligned to 64 bytes
};
using Attend = void (*)(const AttendCall&);

// Where in a page of keys element d of a position lies.
[[nodiscard, gnu::always_inline]] inline std::int64_t key_place(std::int64_t position, std::int64_t d,
                                                                std::int64_t head_dim) {
  return (position / KEY_POSITIONS * head_dim + d) * KEY_POSITIONS + position % KEY_POSITIONS;
}
[[nodiscard, gnu::always_inline]] inline std::int64_t padded_head(std::int64_t head_dim) {
  return (head_dim + 15) / 16 * 16;
}
[[nodiscard, gnu::always_inline]] inline std::int64_t attend_scratch(std::int64_t head_dim) {
  return ATTEND_ROWS * (2 * padded_head(head_dim) + PAGE_POSITIONS);
}

// By the best rung.
void normalise(const NormCall& call);
void rotate(const RotateCall& call);
void apply_gate(const GateCall& call);
void attend(const AttendCall& call);

// By one rung, for tests and comparisons.
void normalise(const NormCall& call, Rung rung);
void rotate(const RotateCall& call, Rung rung);
void apply_gate(const GateCall& call, Rung rung);
void attend(const AttendCall& call, Rung rung);

}  // namespace assay
