#include "plain.h"

namespace assay::halves {
namespace {

ASSAY_KERNEL(halves, multiply_halves, avx2, &multiply_plain<float>);
ASSAY_KERNEL(halves, round_halves, avx2, &round_rows_to_bf16);

}  // namespace
}  // namespace assay::halves
