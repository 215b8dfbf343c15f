#include "loops.h"

namespace assay::elementwise {
namespace {

ASSAY_KERNEL(elementwise, unary, reference, &unary_table);
ASSAY_KERNEL(elementwise, binary, reference, &binary_table);

}  // namespace
}  // namespace assay::elementwise
