// Products of activations and weights in fp16 or bf16, packed once and widened as they are read.
//
// Activations are fp32, and products and sums too; or, for weights in bf16, activations are rounded to bf16 first,
// which is twice as fast under many rows. Sums are added up in the order of k, so that no cut changes a result.
//
// Packed weights: panels of 32 outputs. fp16: for each k, 32 weights. bf16: for each two k, a line of 16 outputs, two
// weights each, then a line of the other 16. Missing outputs are zero. As many bytes as the file's format takes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/kernels/decoder/formats.h"
#include "assay/kernels/registry.h"

namespace assay {

inline constexpr std::int64_t HALF_OUTPUTS = 32;

struct HalfShape {
  WeightKind kind;      // f16 or bf16
  std::int64_t inputs;  // even
  std::int64_t outputs;

  [[nodiscard, gnu::always_inline]] inline std::int64_t panels() const {
    return (outputs + HALF_OUTPUTS - 1) / HALF_OUTPUTS;
  }
  [[nodiscard, gnu::always_inline]] inline std::int64_t panel_bytes() const { return inputs * HALF_OUTPUTS * 2; }
  [[nodiscard, gnu::always_inline]] inline std::int64_t bytes() const { return panels() * panel_bytes(); }
};

// From rows as files have them; `out` is aligned to 64 bytes.
void pack_halves(const HalfShape& shape, const std::byte* weights, std::byte* out);

struct HalfCall {
  HalfShape shape;
  const std::byte* packed;
  std::int64_t rows;
  const float* in;
  std::int64_t in_row;           // elements from one row to the next
  const std::uint16_t* rounded;  // the same rows in bf16, adjacent; or null; then `in` is not read
  float* out;
  std::int64_t out_row;
  bool add;
  const float* bias;  // or null
};
using MultiplyHalves = void (*)(const HalfCall&);

struct RoundHalvesCall {
  const float* rows;
  std::int64_t row;
  std::int64_t count;
  std::int64_t inputs;
  std::uint16_t* out;  // adjacent rows
};
using RoundHalves = void (*)(const RoundHalvesCall&);

// By the calling thread.
void multiply_halves(const HalfCall& call);
void round_halves(const RoundHalvesCall& call);

// By one rung, for tests and comparisons.
void multiply_halves(const HalfCall& call, Rung rung);
void round_halves(const RoundHalvesCall& call, Rung rung);

}  // namespace assay
