"""Matrices as products of simpler ones."""

from __future__ import annotations

from typing import Literal, NamedTuple

from assay.vgpu.arrays.creation import astype
from assay.vgpu.arrays.dtypes import complex64, complex128
from assay.vgpu.arrays.elementwise import conj
from assay.vgpu.arrays.native import Array, native


class Eigen(NamedTuple):
    """Values, and for each a column of length 1 that the matrix only stretches by it."""

    eigenvalues: Array
    eigenvectors: Array


class QR(NamedTuple):
    """An orthogonal (unitary) matrix and an upper triangle whose product the matrix is."""

    Q: Array
    R: Array


class SVD(NamedTuple):
    """Two orthogonal (unitary) matrices and what lies between them: lengths, the largest first."""

    U: Array
    S: Array
    Vh: Array


def adjoint(x: Array) -> Array:
    """The conjugate transposes of a stack of matrices."""
    return conj(x.mT) if x.dtype.kind == "c" else x.mT


def cholesky(x: Array, /, *, upper: bool = False) -> Array:
    """The triangle L of ``x = L @ L^H`` (or, for ``upper``, its adjoint), from the lower (upper) triangle of ``x``.

    Raises ``ValueError`` where a matrix is not positive definite.
    """
    return adjoint(native.array_cholesky(adjoint(x))) if upper else native.array_cholesky(x)


def qr(x: Array, /, *, mode: Literal["reduced", "complete"] = "reduced") -> QR:
    """``x = Q @ R``; ``Q`` has as many columns as the smaller side of ``x``, or is square for ``complete``."""
    if mode not in {"reduced", "complete"}:
        raise ValueError(f"qr: mode must be 'reduced' or 'complete', not {mode!r}")
    return QR(*native.array_qr(x, mode == "complete"))


def eigh(x: Array, /) -> Eigen:
    """Of symmetric (Hermitian) matrices, whose lower triangle is read; the smallest value first."""
    return Eigen(*native.array_eigh(x))


def eigvalsh(x: Array, /) -> Array:
    """The values alone that ``eigh`` returns."""
    return native.array_eigvalsh(x)


def eig(x: Array, /) -> Eigen:
    """Of any square matrices, in no order; complex, and computed in ``complex128``."""
    if x.dtype.kind not in "fc":
        raise TypeError(f"eig: not defined for elements of type {x.dtype.name}; convert with astype")
    wanted = complex64 if x.dtype.name in {"float32", "complex64"} else complex128
    return Eigen(*(astype(one, wanted, copy=False) for one in native.array_eig(x)))


def eigvals(x: Array, /) -> Array:
    """The values alone that ``eig`` returns."""
    return eig(x).eigenvalues


def svd(x: Array, /, *, full_matrices: bool = True) -> SVD:
    """``x = U @ diag(S) @ Vh``; ``U`` and ``Vh`` are square, or for ``full_matrices=False`` as thin as ``x``."""
    if x.ndim < 2 or x.shape[-2] >= x.shape[-1]:
        return SVD(*native.array_svd(x, full_matrices))
    right, lengths, left = native.array_svd(adjoint(x), full_matrices)
    return SVD(adjoint(left), lengths, adjoint(right))


def svdvals(x: Array, /) -> Array:
    """The lengths alone that ``svd`` returns."""
    return native.array_svdvals(x if x.ndim < 2 or x.shape[-2] >= x.shape[-1] else x.mT)


__all__ = ["QR", "SVD", "Eigen", "adjoint", "cholesky", "eig", "eigh", "eigvals", "eigvalsh", "qr", "svd", "svdvals"]
