// What happens to C beside the product itself: beta before, bias and activation after.
#pragma once

#include "assay/kernels/gemm.h"

namespace assay::gemm_tiles {

struct Region {
  std::int64_t row;
  std::int64_t rows;
  std::int64_t column;
  std::int64_t columns;
};

// C = beta * C, where beta is neither 1 nor, with a product to come, 0.
void scale_by_beta(const GemmCall& call);

// C = activation(C + bias) in one region.
void finish(const GemmCall& call, const Region& region);

}  // namespace assay::gemm_tiles
