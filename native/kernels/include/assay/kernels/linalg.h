// Linear algebra on stacks of matrices of fp32, fp64 and complex numbers of either.
//
// Matrices are contiguous, row by row, one behind the other. Throws Error(usage) where a matrix has no answer
// (singular, not positive definite), Error(type) for other types, and Error(usage) where an iteration doesn't converge.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/core/dtype.h"

namespace assay {

struct Stack {
  DType dtype;
  std::int64_t count;
  std::int64_t rows;
  std::int64_t columns;
};

// A = L L^H; `a` becomes L.
void cholesky(const Stack& stack, std::byte* a);

// A X = B for square A; `a` is overwritten, `b` (rows by `right` columns) becomes X.
void solve(const Stack& stack, std::byte* a, std::byte* b, std::int64_t right);

// The determinant (of the type of A), which may overflow; its sign, and the logarithm of its magnitude (real), which
// don't. `a` is overwritten.
struct Determinants {
  std::byte* value;
  std::byte* sign;
  std::byte* logarithm;
};
void determinant(const Stack& stack, std::byte* a, const Determinants& out);

// A = Q R. `a` is overwritten. `q` has `kept` columns and `r` as many rows: the smaller side of A, or all its rows.
void qr(const Stack& stack, std::byte* a, std::byte* q, std::byte* r, std::int64_t kept);

// A = V diag(w) V^H for Hermitian A, of which the lower triangle is read; `values` (real) ascend, and `a` becomes V or,
// without `vectors`, is overwritten.
void eigen_hermitian(const Stack& stack, std::byte* a, std::byte* values, bool vectors);

// A V = V diag(w) for square A of complex fp64; `a` becomes V, whose columns have length 1.
void eigen(const Stack& stack, std::byte* a, std::byte* values);

// A = U diag(s) V^H with rows >= columns; `a` is overwritten, `s` (real) descends, `v_adjoint` is columns by columns,
// `u` has `kept` columns: as many as A, or as its rows. Where both are null, values alone are computed.
void singular_values(const Stack& stack, std::byte* a, std::byte* u, std::byte* s, std::byte* v_adjoint,
                     std::int64_t kept);

}  // namespace assay
