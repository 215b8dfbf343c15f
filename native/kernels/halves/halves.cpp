#include "assay/kernels/decoder/halves.h"

#include <cstring>

namespace assay {
namespace {

constexpr std::int64_t LINE = 64;

std::int64_t place_of(WeightKind kind, std::int64_t k, std::int64_t output) {
  if (kind == WeightKind::f16) {
    return (k * HALF_OUTPUTS + output) * 2;
  }
  return k / 2 * 2 * LINE + output / 16 * LINE + output % 16 * 4 + k % 2 * 2;
}

template <class Function>
Function at(const char* name, Rung rung) {
  return function_of<Function>(kernel_at("halves", name, rung));
}

template <class Function>
Function best(const char* name) {
  return function_of<Function>(best_kernel("halves", name));
}

}  // namespace

void pack_halves(const HalfShape& shape, const std::byte* weights, std::byte* out) {
  std::memset(out, 0, static_cast<std::size_t>(shape.bytes()));
  for (std::int64_t output = 0; output < shape.outputs; ++output) {
    const std::byte* const row = weights + output * shape.inputs * 2;
    std::byte* const panel = out + output / HALF_OUTPUTS * shape.panel_bytes();
    for (std::int64_t k = 0; k < shape.inputs; ++k) {
      std::memcpy(panel + place_of(shape.kind, k, output % HALF_OUTPUTS), row + k * 2, 2);
    }
  }
}

void multiply_halves(const HalfCall& call) {
  static const auto function = best<MultiplyHalves>("multiply_halves");
  function(call);
}

void round_halves(const RoundHalvesCall& call) {
  static const auto function = best<RoundHalves>("round_halves");
  function(call);
}

void multiply_halves(const HalfCall& call, Rung rung) { at<MultiplyHalves>("multiply_halves", rung)(call); }
void round_halves(const RoundHalvesCall& call, Rung rung) { at<RoundHalves>("round_halves", rung)(call); }

}  // namespace assay
