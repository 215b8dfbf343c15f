// Where there are no vectors, the C library computes every element (see ../elementwise/real_unary.cpp).

#include "assay/kernels/elementwise.h"

namespace assay::elementwise {
namespace {

UnaryLoop no_unary(Unary, DType) { return nullptr; }
BinaryLoop no_binary(Binary, DType) { return nullptr; }

ASSAY_KERNEL(elementwise, math_unary, reference, &no_unary);
ASSAY_KERNEL(elementwise, math_binary, reference, &no_binary);

}  // namespace
}  // namespace assay::elementwise
