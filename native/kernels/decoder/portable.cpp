#include "attention.h"

namespace assay::decoding {
namespace {

struct Lanes {
  static constexpr int WIDTH = 4;
  static constexpr int TILE_VECTORS = 4;
  using Vector [[gnu::vector_size(16)]] = float;
  using Integers [[gnu::vector_size(16)]] = std::int32_t;
  static float sum(Vector a) { return folded_sum<WIDTH>(reinterpret_cast<const float*>(&a)); }
  static float largest(Vector a) { return largest_of<WIDTH>(reinterpret_cast<const float*>(&a)); }
  static Vector fma(Vector a, Vector b, Vector c) { return a * b + c; }
};

ASSAY_KERNEL(decoder, normalise, portable, &normalise_rows<Lanes>);
ASSAY_KERNEL(decoder, rotate, portable, &rotate_heads<Lanes>);
ASSAY_KERNEL(decoder, apply_gate, portable, &apply_gate_to<Lanes>);
ASSAY_KERNEL(decoder, attend, portable, &attend_rows<Lanes>);

}  // namespace
}  // namespace assay::decoding
