// Matrix products: C = activation(alpha * A B + beta * C + bias), for fp64, fp32, bf16, fp16 and int8.
#pragma once

#include <cstdint>

#include "assay/kernels/registry.h"

namespace assay {

enum class GemmType {
  f64,   // fp64 in, fp64 out
  f32,   // fp32 in, fp32 out
  bf16,  // bf16 in, fp32 accumulated and out
  i8,    // int8 in, int32 accumulated and out; alpha is 1, beta 0 or 1, no bias, no activation
  f16,   // fp16 in, fp32 multiplied, accumulated and out
};

enum class Activation { none, relu, gelu, silu };

// Element (i, j) lies at data + i * row + j * column, in elements. Any strides will do; one of them being 1 is fast.
struct MatrixView {
  const void* data;
  std::int64_t row;
  std::int64_t column;
};

// Operands of a product that comes soon, of the same shape and strides: their memory may be fetched meanwhile.
struct GemmNext {
  const void* a = nullptr;  // null where it is not known, or the same again
  const void* b = nullptr;
  const void* c = nullptr;
};

// The same product of so many operands, which lie these bytes apart.
struct GemmRepeat {
  std::int64_t count = 1;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t c = 0;
};

struct GemmCall {
  GemmType type;
  std::int64_t m;  // rows of A and C
  std::int64_t n;  // columns of B and C
  std::int64_t k;  // columns of A, rows of B
  MatrixView a;
  MatrixView b;
  void* c;             // never overlaps A or B
  std::int64_t c_row;  // elements from one row of C to the next; its columns are adjacent
  double alpha = 1.0;
  double beta = 0.0;           // with 0, C is written and never read: NaN in it does not count
  const void* bias = nullptr;  // n values of C's type, or null
  Activation activation = Activation::none;
  const void* packed_b = nullptr;  // B as pack() of the same rung wrote it; `b` is not read then
  GemmNext next = {};
  GemmRepeat repeat = {};  // of fp32 and fp64, but for the reference
};

using Gemm = void (*)(const GemmCall&);

// B for many products: weights. The format is that of one rung in one build, never for a disk.
struct PackB {
  GemmType type;
  std::int64_t k;
  std::int64_t n;
  MatrixView b;
  void* out;  // aligned to 64 bytes; null to ask how many bytes that takes
};

using Pack = std::int64_t (*)(const PackB&);

// So many products of one shape: elements from one A, B and C to the next; 0 where all share it.
struct GemmBatch {
  std::int64_t count;
  std::int64_t a;
  std::int64_t b;
  std::int64_t c;
};

// By the best rung. The same bits for any number of threads.
void gemm(const GemmCall& call);

// By one rung, for tests and comparisons.
void gemm(const GemmCall& call, Rung rung);

// Writes B as products by the best rung, or by that one, read it; returns its bytes.
std::int64_t pack(const PackB& call);
std::int64_t pack(const PackB& call, Rung rung);

// `call` is the first of the batch; the C's don't overlap.
void gemm(const GemmCall& call, const GemmBatch& batch);
void gemm(const GemmCall& call, const GemmBatch& batch, Rung rung);

}  // namespace assay
