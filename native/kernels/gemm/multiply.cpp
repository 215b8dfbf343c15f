#include <algorithm>
#include <string_view>

#include "assay/kernels/gemm.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

constexpr std::int64_t PIECE = 1 << 18;  // multiply-adds that are worth handing to another thread

struct TypeFacts {
  std::string_view kernel;
  std::string_view pack;
  std::int64_t element_bytes;
  std::int64_t result_bytes;
};

constexpr TypeFacts TYPES[] = {
    {"multiply_f64", "pack_f64", 8, 8}, {"multiply_f32", "pack_f32", 4, 4}, {"multiply_bf16", "pack_bf16", 2, 4},
    {"multiply_i8", "pack_i8", 1, 4},   {"multiply_f16", "pack_f16", 2, 4},
};

const TypeFacts& facts_of(GemmType type) { return TYPES[static_cast<int>(type)]; }

Gemm best_of(GemmType type) { return function_of<Gemm>(best_kernel("gemm", facts_of(type).kernel)); }

Gemm best(GemmType type) {
  static const Gemm of_type[] = {best_of(GemmType::f64), best_of(GemmType::f32), best_of(GemmType::bf16),
                                 best_of(GemmType::i8), best_of(GemmType::f16)};
  return of_type[static_cast<int>(type)];
}

Gemm at(GemmType type, Rung rung) { return function_of<Gemm>(kernel_at("gemm", facts_of(type).kernel, rung)); }

void run_batch(Gemm multiply, const GemmCall& first, const GemmBatch& batch) {
  if (batch.count == 1) {
    return multiply(first);
  }
  const TypeFacts& facts = facts_of(first.type);
  const std::int64_t each = first.m * first.n * first.k;
  const std::int64_t grain = std::max<std::int64_t>(1, PIECE / std::max<std::int64_t>(each, 1));
  parallel_for(batch.count, grain, [&](std::int64_t begin, std::int64_t end) {
    GemmCall call = first;
    for (std::int64_t i = begin; i < end; ++i) {
      call.a.data = static_cast<const std::byte*>(first.a.data) + i * batch.a * facts.element_bytes;
      call.b.data = static_cast<const std::byte*>(first.b.data) + i * batch.b * facts.element_bytes;
      call.c = static_cast<std::byte*>(first.c) + i * batch.c * facts.result_bytes;
      multiply(call);
    }
  });
}

}  // namespace

void gemm(const GemmCall& call) { best(call.type)(call); }

void gemm(const GemmCall& call, Rung rung) { at(call.type, rung)(call); }

void gemm(const GemmCall& call, const GemmBatch& batch) { run_batch(best(call.type), call, batch); }

void gemm(const GemmCall& call, const GemmBatch& batch, Rung rung) { run_batch(at(call.type, rung), call, batch); }

std::int64_t pack(const PackB& call) { return function_of<Pack>(best_kernel("gemm", facts_of(call.type).pack))(call); }

std::int64_t pack(const PackB& call, Rung rung) {
  return function_of<Pack>(kernel_at("gemm", facts_of(call.type).pack, rung))(call);
}

}  // namespace assay
