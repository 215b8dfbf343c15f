// Whole blocks in an inner loop of constant length, which any compiler turns into vector code for the base machine.

#include "assay/kernels/reduce.h"
#include "lanes.h"

namespace assay::reduce {
namespace {

template <class Real>
double sum(const Real* values, std::int64_t count) {
  double lanes[SUM_LANES] = {};
  const std::int64_t whole = count - count % SUM_LANES;
  for (std::int64_t block = 0; block < whole; block += SUM_LANES) {
    for (std::int64_t lane = 0; lane < SUM_LANES; ++lane) {
      lanes[lane] += static_cast<double>(values[block + lane]);
    }
  }
  return finish(lanes, values + whole, count - whole);
}

double sum_f32(const float* values, std::int64_t count) { return sum(values, count); }
double sum_f64(const double* values, std::int64_t count) { return sum(values, count); }

ASSAY_KERNEL(reduce, sum_f32, portable, &sum_f32);
ASSAY_KERNEL(reduce, sum_f64, portable, &sum_f64);

}  // namespace
}  // namespace assay::reduce
