"""Matrix products on buffers: the low-level form that arrays are built on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assay.vgpu.arrays.creation import from_dlpack
from assay.vgpu.arrays.native import PRESENT, Array, native

Activation = Literal["none", "relu", "gelu", "silu"]

_IN_PLACE = (Array, memoryview)


def _refuse(*_: object) -> None:
    raise RuntimeError("a product needs the native core; install a C++ compiler and reinstall")


matmul_into = native.matmul_into if PRESENT else _refuse
"""``matmul_into(a, b, c)``: write the product of ``a`` and ``b`` into ``c``: the call that costs least.

Operands are arrays of this library or buffers, of two dimensions, or of three, whose leading one is a batch; an
operand of two is shared by the batch. Elements are fp64 (``d``), fp32 (``f``), bf16 or its bits (``H``, into fp32),
fp16 (``e``, into fp32) or int8 (``b``, into int32 ``i``). Any strides will do for ``a`` and ``b``; the rows or the
columns of ``c`` must be adjacent, and ``c`` must not overlap the others.
The interpreter's lock is released for products that take longer than releasing it.

Raises ``TypeError`` for other elements, ``ValueError`` for shapes that don't fit.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What is done around a product: ``c = activation(alpha * a @ b + beta * c + bias)``."""

    alpha: float = 1.0
    beta: float = 0.0
    """With 0, ``c`` is not read."""
    bias: object | None = None
    """A buffer of shape ``(1, n)`` and of the type of ``c``."""
    activation: Activation = "none"


PLAIN = Around()
"""Nothing but the product."""


def operand(values: Any) -> object:
    """``values`` as something that products read in place: an array of this library or a buffer.

    NumPy arrays of ``ml_dtypes.bfloat16``, which is no type of buffers, are read as their bits, and what has no buffer,
    such as a tensor of PyTorch, by DLPack.
    """
    if isinstance(values, _IN_PLACE):
        return values
    if getattr(getattr(values, "dtype", None), "name", "") == "bfloat16" and hasattr(values, "view"):
        return values.view("uint16")
    in_place = hasattr(values, "__array_interface__") or not hasattr(values, "__dlpack__")
    return values if in_place else from_dlpack(values)


def gemm_into(a: object, b: object, c: object, around: Around = PLAIN, *, rung: str = "") -> None:
    """Write ``activation(alpha * a @ b + beta * c + bias)`` into ``c``.

    int8 takes neither ``alpha`` nor bias nor activation, and a ``beta`` of 0 or 1: its results are exact, modulo 2**32.
    A ``c`` whose rows are adjacent instead of its columns takes no bias. ``rung`` forces one implementation. Operands
    and errors are those of :func:`matmul_into`; besides, they may be whatever :func:`operand` makes readable.

    The error of an element is at most ``(k + 3) u`` times the sum of the magnitudes added, ``u`` being half a unit in
    the last place of fp32 or fp64; it is the same for any number of threads.
    """
    bias = None if around.bias is None else operand(around.bias)
    native.gemm_into(operand(a), operand(b), operand(c), around.alpha, around.beta, around.activation, rung, bias)
