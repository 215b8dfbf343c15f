#include <immintrin.h>

#include "attention.h"

namespace assay::decoding {
namespace {

struct Lanes {
  static constexpr int WIDTH = 8;
  static constexpr int TILE_VECTORS = 2;
  using Vector [[gnu::vector_size(32)]] = float;
  using Integers [[gnu::vector_size(32)]] = std::int32_t;
  static float sum(Vector a) { return folded_sum<WIDTH>(reinterpret_cast<const float*>(&a)); }
  static float largest(Vector a) { return largest_of<WIDTH>(reinterpret_cast<const float*>(&a)); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
};

ASSAY_KERNEL(decoder, normalise, avx2, &normalise_rows<Lanes>);
ASSAY_KERNEL(decoder, rotate, avx2, &rotate_heads<Lanes>);
ASSAY_KERNEL(decoder, apply_gate, avx2, &apply_gate_to<Lanes>);
ASSAY_KERNEL(decoder, attend, avx2, &attend_rows<Lanes>);

}  // namespace
}  // namespace assay::decoding
