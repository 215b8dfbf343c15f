#include "plain.h"

namespace assay::halves {
namespace {

ASSAY_KERNEL(halves, multiply_halves, reference, &multiply_plain<double>);
ASSAY_KERNEL(halves, round_halves, reference, &round_rows_to_bf16);

}  // namespace
}  // namespace assay::halves
