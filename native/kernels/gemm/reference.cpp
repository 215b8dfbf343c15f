// What every rung must return, within its type's rounding: the definition, element by element, added up in fp64.

#include "../gemm_f16/widen.h"
#include "../gemm_tiles/convert.h"
#include "../gemm_tiles/tile.h"
#include "finish.h"

namespace assay::gemm_tiles {
namespace {

template <class Element>
double value_of(Element element) {
  return static_cast<double>(element);
}
double value_of(std::uint16_t bf16) { return static_cast<double>(widen_bf16(bf16)); }

struct Half {
  std::uint16_t bits;
};
double value_of(Half half) { return static_cast<double>(widen_f16(half.bits)); }

template <class Element>
double at(const MatrixView& view, std::int64_t row, std::int64_t column) {
  return value_of(static_cast<const Element*>(view.data)[row * view.row + column * view.column]);
}

// As it is, row by row.
template <class Element>
std::int64_t pack(const PackB& call) {
  auto* const out = static_cast<Element*>(call.out);
  for (std::int64_t i = 0; i < call.k * call.n && out != nullptr; ++i) {
    out[i] = static_cast<const Element*>(call.b.data)[i / call.n * call.b.row + i % call.n * call.b.column];
  }
  return call.k * call.n * static_cast<std::int64_t>(sizeof(Element));
}

template <class Element, class Result>
void multiply(const GemmCall& given) {
  GemmCall call = given;
  if (call.packed_b != nullptr) {
    call.b = {call.packed_b, call.n, 1};
  }
  scale_by_beta(call);
  for (std::int64_t i = 0; i < call.m; ++i) {
    Result* const c = static_cast<Result*>(call.c) + i * call.c_row;
    for (std::int64_t j = 0; j < call.n && call.k > 0; ++j) {
      double sum = 0.0;
      for (std::int64_t k = 0; k < call.k; ++k) {
        sum += at<Element>(call.a, i, k) * at<Element>(call.b, k, j);
      }
      const double before = call.beta == 0.0 ? 0.0 : static_cast<double>(c[j]);
      c[j] = static_cast<Result>(before + call.alpha * sum);
    }
  }
  finish(call, {.row = 0, .rows = call.m, .column = 0, .columns = call.n});
}

void multiply_f64(const GemmCall& call) { multiply<double, double>(call); }
void multiply_f32(const GemmCall& call) { multiply<float, float>(call); }
void multiply_bf16(const GemmCall& call) { multiply<std::uint16_t, float>(call); }
void multiply_i8(const GemmCall& call) { multiply<std::int8_t, std::int32_t>(call); }
void multiply_f16(const GemmCall& call) { multiply<Half, float>(call); }

std::int64_t pack_f64(const PackB& call) { return pack<double>(call); }
std::int64_t pack_f32(const PackB& call) { return pack<float>(call); }
std::int64_t pack_bf16(const PackB& call) { return pack<std::uint16_t>(call); }
std::int64_t pack_i8(const PackB& call) { return pack<std::int8_t>(call); }
std::int64_t pack_f16(const PackB& call) { return pack<Half>(call); }

ASSAY_KERNEL(gemm, multiply_f64, reference, &multiply_f64);
ASSAY_KERNEL(gemm, multiply_f32, reference, &multiply_f32);
ASSAY_KERNEL(gemm, multiply_bf16, reference, &multiply_bf16);
ASSAY_KERNEL(gemm, multiply_i8, reference, &multiply_i8);
ASSAY_KERNEL(gemm, multiply_f16, reference, &multiply_f16);
ASSAY_KERNEL(gemm, pack_f64, reference, &pack_f64);
ASSAY_KERNEL(gemm, pack_f32, reference, &pack_f32);
ASSAY_KERNEL(gemm, pack_bf16, reference, &pack_bf16);
ASSAY_KERNEL(gemm, pack_i8, reference, &pack_i8);
ASSAY_KERNEL(gemm, pack_f16, reference, &pack_f16);

}  // namespace
}  // namespace assay::gemm_tiles
