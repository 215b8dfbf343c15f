#include "vectors.h"

namespace assay::halves {
namespace {

void multiply_widened(const HalfCall& call) {
  if (call.rounded != nullptr) {
    return multiply_plain<float>(call);
  }
  multiply_tiles(call, call.shape.kind == WeightKind::f16 ? multiply_f16_of_rows : multiply_bf16_of_rows);
}

ASSAY_KERNEL(halves, multiply_halves, avx512, &multiply_widened);
ASSAY_KERNEL(halves, round_halves, avx512, &round_rows_to_bf16);

}  // namespace
}  // namespace assay::halves
