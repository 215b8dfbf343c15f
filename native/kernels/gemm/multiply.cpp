#include <string_view>

#include "assay/kernels/gemm.h"

namespace assay {
namespace {

std::string_view kernel_of(GemmType type) {
  switch (type) {
    case GemmType::f64:
      return "multiply_f64";
    case GemmType::bf16:
      return "multiply_bf16";
    case GemmType::i8:
      return "multiply_i8";
    case GemmType::f32:
      break;
  }
  return "multiply_f32";
}

}  // namespace

void gemm(const GemmCall& call) {
  static const Gemm best[] = {
      function_of<Gemm>(best_kernel("gemm", kernel_of(GemmType::f64))),
      function_of<Gemm>(best_kernel("gemm", kernel_of(GemmType::f32))),
      function_of<Gemm>(best_kernel("gemm", kernel_of(GemmType::bf16))),
      function_of<Gemm>(best_kernel("gemm", kernel_of(GemmType::i8))),
  };
  best[static_cast<int>(call.type)](call);
}

void gemm(const GemmCall& call, Rung rung) { function_of<Gemm>(kernel_at("gemm", kernel_of(call.type), rung))(call); }

}  // namespace assay
