#include <immintrin.h>

#include "attention.h"

namespace assay::decoding {
namespace {

struct Lanes {
  static constexpr int WIDTH = 16;
  static constexpr int TILE_VECTORS = 4;
  using Vector [[gnu::vector_size(64)]] = float;
  using Integers [[gnu::vector_size(64)]] = std::int32_t;
  static float sum(Vector a) { return _mm512_reduce_add_ps(a); }
  static float largest(Vector a) { return _mm512_reduce_max_ps(a); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
};

ASSAY_KERNEL(decoder, normalise, avx512, &normalise_rows<Lanes>);
ASSAY_KERNEL(decoder, rotate, avx512, &rotate_heads<Lanes>);
ASSAY_KERNEL(decoder, apply_gate, avx512, &apply_gate_to<Lanes>);
ASSAY_KERNEL(decoder, attend, avx512, &attend_rows<Lanes>);

}  // namespace
}  // namespace assay::decoding
