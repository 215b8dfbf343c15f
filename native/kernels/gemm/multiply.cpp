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

struct Chosen {
  Gemm multiply;
  bool repeats;  // does what GemmCall::repeat says
};

Chosen chosen(GemmType type, const Kernel& kernel) {
  const bool real = type == GemmType::f32 || type == GemmType::f64;
  return {.multiply = function_of<Gemm>(kernel), .repeats = real && kernel.rung != Rung::reference};
}

Chosen best_of(GemmType type) { return chosen(type, best_kernel("gemm", facts_of(type).kernel)); }

const Chosen& best(GemmType type) {
  static const Chosen of_type[] = {best_of(GemmType::f64), best_of(GemmType::f32), best_of(GemmType::bf16),
                                   best_of(GemmType::i8), best_of(GemmType::f16)};
  return of_type[static_cast<int>(type)];
}

Chosen at(GemmType type, Rung rung) { return chosen(type, kernel_at("gemm", facts_of(type).kernel, rung)); }

void run_batch(const Chosen& chosen, const GemmCall& first, const GemmBatch& batch) {
  if (batch.count == 1) {
    return chosen.multiply(first);
  }
  const TypeFacts& facts = facts_of(first.type);
  const GemmRepeat apart{.count = 1,
                         .a = batch.a * facts.element_bytes,
                         .b = batch.b * facts.element_bytes,
                         .c = batch.c * facts.result_bytes};
  const std::int64_t each = first.m * first.n * first.k;
  const std::int64_t grain = std::max<std::int64_t>(1, PIECE / std::max<std::int64_t>(each, 1));
  parallel_for(batch.count, grain, [&](std::int64_t begin, std::int64_t end) {
    GemmCall call = first;
    const std::int64_t step = chosen.repeats ? end - begin : 1;
    call.repeat = apart;
    call.repeat.count = step;
    for (std::int64_t i = begin; i < end; i += step) {
      call.a.data = static_cast<const std::byte*>(first.a.data) + i * apart.a;
      call.b.data = static_cast<const std::byte*>(first.b.data) + i * apart.b;
      call.c = static_cast<std::byte*>(first.c) + i * apart.c;
      chosen.multiply(call);
    }
  });
}

}  // namespace

void gemm(const GemmCall& call) { best(call.type).multiply(call); }

void gemm(const GemmCall& call, Rung rung) { at(call.type, rung).multiply(call); }

void gemm(const GemmCall& call, const GemmBatch& batch) { run_batch(best(call.type), call, batch); }

void gemm(const GemmCall& call, const GemmBatch& batch, Rung rung) { run_batch(at(call.type, rung), call, batch); }

std::int64_t pack(const PackB& call) { return function_of<Pack>(best_kernel("gemm", facts_of(call.type).pack))(call); }

std::int64_t pack(const PackB& call, Rung rung) {
  return function_of<Pack>(kernel_at("gemm", facts_of(call.type).pack, rung))(call);
}

}  // namespace assay
