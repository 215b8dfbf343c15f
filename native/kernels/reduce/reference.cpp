// The contract of assay/kernels/reduce.h, word for word.

#include "assay/kernels/reduce.h"

namespace assay::reduce {
namespace {

template <class Real>
double sum(const Real* values, std::int64_t count) {
  double lanes[SUM_LANES] = {};
  for (std::int64_t i = 0; i < count; ++i) {
    lanes[i % SUM_LANES] += static_cast<double>(values[i]);
  }
  for (std::int64_t half = SUM_LANES / 2; half > 0; half /= 2) {
    for (std::int64_t lane = 0; lane < half; ++lane) {
      lanes[lane] += lanes[lane + half];
    }
  }
  return lanes[0];
}

double sum_f32(const float* values, std::int64_t count) { return sum(values, count); }
double sum_f64(const double* values, std::int64_t count) { return sum(values, count); }

ASSAY_KERNEL(reduce, sum_f32, reference, &sum_f32);
ASSAY_KERNEL(reduce, sum_f64, reference, &sum_f64);

}  // namespace
}  // namespace assay::reduce
