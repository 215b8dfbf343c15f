#include "lanes.h"

#include "assay/kernels/reduce.h"

namespace assay::reduce {
namespace {

template <class Real>
double finish_any(double* lanes, const Real* tail, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    lanes[i] += static_cast<double>(tail[i]);
  }
  for (std::int64_t half = SUM_LANES / 2; half > 0; half /= 2) {
    for (std::int64_t lane = 0; lane < half; ++lane) {
      lanes[lane] += lanes[lane + half];
    }
  }
  return lanes[0];
}

}  // namespace

double finish(double* lanes, const float* tail, std::int64_t count) { return finish_any(lanes, tail, count); }
double finish(double* lanes, const double* tail, std::int64_t count) { return finish_any(lanes, tail, count); }

}  // namespace assay::reduce
