// Products of matrices of any element type, for arrays.
#pragma once

#include "assay/kernels/strided.h"

namespace assay {

// out[…, i, j] = sum over k of a[…, i, k] * b[…, k, j]. All have one type and as many axes, at least two; the leading
// axes of a and b are those of out (strides of zero broadcast them). `out` is C-contiguous and overlaps nothing.
// Integers wrap. Throws Error for types that have no product.
void matmul(const View& a, const View& b, const View& out);

}  // namespace assay
