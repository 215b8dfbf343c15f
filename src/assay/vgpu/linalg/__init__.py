"""The extension ``linalg`` of the Python array API standard: factors, solutions, norms of stacks of matrices."""

from __future__ import annotations

from assay.vgpu.arrays.products import matmul, matrix_transpose, tensordot, vecdot
from assay.vgpu.linalg.factors import cholesky, eig, eigh, eigvals, eigvalsh, qr, svd, svdvals
from assay.vgpu.linalg.norms import cross, diagonal, matrix_norm, outer, trace, vector_norm
from assay.vgpu.linalg.solving import det, inv, matrix_power, matrix_rank, pinv, slogdet, solve

__all__ = [
    "cholesky", "cross", "det", "diagonal", "eig", "eigh", "eigvals", "eigvalsh", "inv", "matmul", "matrix_norm",
    "matrix_power", "matrix_rank", "matrix_transpose", "outer", "pinv", "qr", "slogdet", "solve", "svd", "svdvals",
    "tensordot", "trace", "vecdot", "vector_norm",
]  # fmt: skip
