#include "finish.h"

#include <cmath>

namespace assay::gemm_tiles {
namespace {

double activated(Activation activation, double x) {
  switch (activation) {
    case Activation::relu:
      return x < 0.0 ? 0.0 : x;  // NaN stays NaN
    case Activation::gelu:
      return 0.5 * x * (1.0 + std::erf(x * 0.70710678118654752440));
    case Activation::silu:
      return x / (1.0 + std::exp(-x));
    case Activation::none:
      break;
  }
  return x;
}

template <class Real>
void finish_as(const GemmCall& call, const Region& region) {
  const auto* const bias = static_cast<const Real*>(call.bias);
  for (std::int64_t i = region.row; i < region.row + region.rows; ++i) {
    Real* const c = static_cast<Real*>(call.c) + i * call.c_row;
    for (std::int64_t j = region.column; j < region.column + region.columns; ++j) {
      const Real sum = bias == nullptr ? c[j] : c[j] + bias[j];
      c[j] = call.activation == Activation::none ? sum : static_cast<Real>(activated(call.activation, sum));
    }
  }
}

template <class Real>
void scale_as(const GemmCall& call) {
  const auto beta = static_cast<Real>(call.beta);
  for (std::int64_t i = 0; i < call.m; ++i) {
    Real* const c = static_cast<Real*>(call.c) + i * call.c_row;
    for (std::int64_t j = 0; j < call.n; ++j) {
      c[j] = call.beta == 0.0 ? Real{0} : static_cast<Real>(beta * c[j]);
    }
  }
}

}  // namespace

void scale_by_beta(const GemmCall& call) {
  if (call.beta == 1.0 || (call.beta == 0.0 && call.k > 0)) {
    return;
  }
  if (call.type == GemmType::f64) {
    scale_as<double>(call);
  } else if (call.type == GemmType::i8) {
    scale_as<std::int32_t>(call);
  } else {
    scale_as<float>(call);
  }
}

void finish(const GemmCall& call, const Region& region) {
  if (call.bias == nullptr && call.activation == Activation::none) {
    return;
  }
  if (call.type == GemmType::f64) {
    finish_as<double>(call, region);
  } else {
    finish_as<float>(call, region);
  }
}

}  // namespace assay::gemm_tiles
