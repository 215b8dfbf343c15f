"""Weights: matrices that are packed once and multiplied often, in 64, 32, 16, 8 or 4 bits an element."""

from __future__ import annotations

from dataclasses import dataclass

from assay.vgpu.arrays.creation import asarray
from assay.vgpu.arrays.manipulation import repeat
from assay.vgpu.arrays.native import Array, native
from assay.vgpu.gemm import PLAIN, Around, operand

_LARGEST_GROUP = 128
_ELEMENTS = {"d": "fp64", "f": "fp32", "H": "bf16", "e": "fp16", "b": "int8"}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Weights:
    """A matrix of shape ``(k, n)`` as one rung reads it; made by :func:`pack_weights`.

    The format belongs to this build and this machine: keep the matrix, not this.
    """

    shape: tuple[int, int]
    """Rows and columns."""
    element: str
    """``fp64``, ``fp32``, ``bf16``, ``fp16`` or ``int8``."""
    rung: str
    """The implementation that reads it; empty for the best one."""
    packed: Array
    """The bytes."""
    _format: str

    def multiply_into(self, a: object, c: object, around: Around = PLAIN) -> None:
        """Write ``activation(alpha * a @ weights + beta * c + bias)`` into ``c``.

        ``a`` is of shape ``(m, k)`` or ``(batch, m, k)`` and of the weights' type; ``c`` is fp64 for fp64, int32 for
        int8 and fp32 otherwise, its columns adjacent. The bits are those of :func:`~assay.vgpu.gemm.gemm_into` where
        that has not been tuned, and so are the errors raised.
        """
        bias = None if around.bias is None else operand(around.bias)
        native.weights_multiply(
            operand(a),
            self.packed,
            self._format,
            operand(c),
            around.alpha,
            around.beta,
            around.activation,
            self.rung,
            bias,
        )


def pack_weights(matrix: object, *, rung: str = "") -> Weights:
    """Pack ``matrix``, of shape ``(k, n)`` and any strides, for products with many ``a``.

    Products of few rows read packed weights at the speed of memory; products of many rows save the packing. A matrix
    that is stored as ``(n, k)``, as PyTorch's layers have it, is passed as its transpose.

    Raises ``TypeError`` for elements that are not fp64, fp32, bf16, fp16 or int8, ``ValueError`` for an unknown rung.
    """
    given = operand(matrix)
    code, k, n = native.weights_facts(given)
    return Weights(
        shape=(k, n), element=_ELEMENTS[code], rung=rung, packed=native.weights_pack(given, rung), _format=code
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Int4Weights:
    """A matrix of shape ``(k, n)`` in 4 bits an element with a scale for each group of a column: :func:`pack_int4`."""

    shape: tuple[int, int]
    """Rows and columns."""
    group: int
    """Rows that share a scale."""
    zero_points: bool
    """Whether groups have zero points of their own."""
    packed: Array
    """The bytes; every rung reads the same."""

    def multiply_into(
        self, a: object, c: object, around: Around = PLAIN, *, scales: object | None = None, rung: str = ""
    ) -> None:
        """Write ``activation(alpha * a @ weights + beta * c + bias)`` into ``c``, an fp32 matrix of adjacent columns.

        ``a`` is int8, with fp32 ``scales`` of shape ``(m, 1)`` for its rows if there are any, or fp32. The sum over a
        group, or over 128 weights of a larger one, is exact; the sum of those is fp32, with an error of at most one
        ``u`` a group, and four more, times the sum of their magnitudes. fp32 is first rounded to int8 with one scale a
        row, the row's largest magnitude over 127, which changes an element by at most half of that. A row that holds
        NaN or infinities becomes NaN.

        Raises ``TypeError`` for other elements, ``ValueError`` for shapes that don't fit.
        """
        native.int4_multiply(
            operand(a),
            None if scales is None else operand(scales),
            self.packed,
            operand(c),
            min(self.group, _LARGEST_GROUP),
            self.zero_points,
            around.alpha,
            around.beta,
            around.activation,
            rung,
            None if around.bias is None else operand(around.bias),
        )


def pack_int4(values: object, scales: object, zeros: object | None = None, *, group: int = 128) -> Int4Weights:
    """Pack weights of ``scale * (value - zero)``.

    ``values``, of shape ``(k, n)``, are int8 from -8 to 7, whose zero is 0, or uint8 from 0 to 15, whose zero is 8
    unless ``zeros`` says otherwise; other bits are dropped. Rows ``g * group`` and on share row ``g`` of ``scales``,
    fp32, and of ``zeros``, uint8 from 0 to 15, both contiguous and of shape ``(ceil(k / group), n)``. ``group`` is 32,
    64, 96 or a multiple of 128.

    Raises ``TypeError`` for other elements, ``ValueError`` for other groups and shapes.
    """
    if group not in {32, 64, 96} and (group < _LARGEST_GROUP or group % _LARGEST_GROUP):
        raise ValueError(f"pack_int4: no groups of {group} weights; there are 32, 64, 96 and multiples of 128")
    matrix = asarray(operand(values))
    if matrix.ndim != 2:
        raise TypeError(f"pack_int4: weights of shape {matrix.shape} are no matrix")
    grouped = [None if one is None else _by_kernel_groups(one, group, matrix.shape[0]) for one in (scales, zeros)]
    packed = native.int4_pack(matrix, grouped[0], grouped[1], min(group, _LARGEST_GROUP))
    return Int4Weights(
        shape=(matrix.shape[0], matrix.shape[1]), group=group, zero_points=zeros is not None, packed=packed
    )


def _by_kernel_groups(values: object, group: int, k: int) -> object:
    """One row for every group that kernels know, the largest of which has 128 weights."""
    if group <= _LARGEST_GROUP:
        return operand(values)
    return repeat(asarray(operand(values)), group // _LARGEST_GROUP, axis=0)[: -(-k // _LARGEST_GROUP)]
