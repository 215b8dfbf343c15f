#include "loops.h"

namespace assay::elementwise {
namespace {

ASSAY_KERNEL(elementwise, unary, avx512, &unary_table);
ASSAY_KERNEL(elementwise, binary, avx512, &binary_table);

}  // namespace
}  // namespace assay::elementwise
