#include "loops.h"

namespace assay::elementwise {
namespace {

ASSAY_KERNEL(elementwise, unary, avx2, &unary_table);
ASSAY_KERNEL(elementwise, binary, avx2, &binary_table);

}  // namespace
}  // namespace assay::elementwise
