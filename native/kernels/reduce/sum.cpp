#include "assay/kernels/reduce.h"

namespace assay {
namespace {

std::int64_t count_of(const auto& values) { return static_cast<std::int64_t>(values.size()); }

}  // namespace

double sum(std::span<const float> values) {
  static const auto best = function_of<SumF32>(best_kernel("reduce", "sum_f32"));
  return best(values.data(), count_of(values));
}

double sum(std::span<const double> values) {
  static const auto best = function_of<SumF64>(best_kernel("reduce", "sum_f64"));
  return best(values.data(), count_of(values));
}

double sum(std::span<const float> values, Rung rung) {
  return function_of<SumF32>(kernel_at("reduce", "sum_f32", rung))(values.data(), count_of(values));
}

double sum(std::span<const double> values, Rung rung) {
  return function_of<SumF64>(kernel_at("reduce", "sum_f64", rung))(values.data(), count_of(values));
}

}  // namespace assay
