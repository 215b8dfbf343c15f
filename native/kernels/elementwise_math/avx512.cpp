#include "avx512_lanes.h"

// Above comes what a vector of this rung is.
#include "avx512_single.h"

namespace assay::elementwise {
namespace {

ASSAY_KERNEL(elementwise, math_unary, avx512, &wide_unary_table);
ASSAY_KERNEL(elementwise, math_binary, avx512, &wide_binary_table);

}  // namespace
}  // namespace assay::elementwise
