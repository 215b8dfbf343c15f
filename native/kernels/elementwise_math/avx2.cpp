#include "avx2_lanes.h"

// Above comes what a vector of this rung is.
#include "table.h"

namespace assay::elementwise {
namespace {

ASSAY_KERNEL(elementwise, math_unary, avx2, &math_unary_table);
ASSAY_KERNEL(elementwise, math_binary, avx2, &math_binary_table);

}  // namespace
}  // namespace assay::elementwise
