#include "plain.h"

namespace assay::halves {
namespace {

ASSAY_KERNEL(halves, multiply_halves, portable, &multiply_plain<float>);
ASSAY_KERNEL(halves, round_halves, portable, &round_rows_to_bf16);

}  // namespace
}  // namespace assay::halves
