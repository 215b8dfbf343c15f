"""Matrix products on buffers: the low-level form that arrays are built on."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Literal, Protocol, cast

Activation = Literal["none", "relu", "gelu", "silu"]


class _Products(Protocol):
    matmul_into: Callable[[object, object, object], None]
    gemm_into: Callable[[object, object, object, float, float, str, str], None]
    gemm_bias_into: Callable[[object, object, object, float, float, str, str, object], None]


def _refuse(*_: object) -> None:
    raise RuntimeError("a product needs the native core; install a C++ compiler and reinstall")


def _load() -> _Products:
    try:
        return cast("_Products", importlib.import_module("assay.vgpu._native"))
    except ImportError:
        return cast("_Products", SimpleNamespace(matmul_into=_refuse, gemm_into=_refuse, gemm_bias_into=_refuse))


_products = _load()

matmul_into = _products.matmul_into
"""``matmul_into(a, b, c)``: write the product of ``a`` and ``b`` into ``c``: the call that costs least.

Operands are buffers of two dimensions, or of three, whose leading one is a batch; an operand of two is shared by the
batch. Elements are fp64 (``d``), fp32 (``f``), bf16 as its bits (``H``, into fp32) or int8 (``b``, into int32 ``i``).
Any strides will do; the columns of ``c`` must be adjacent, and ``c`` must not overlap the others.
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


def gemm_into(a: object, b: object, c: object, around: Around, *, rung: str = "") -> None:
    """Write ``activation(alpha * a @ b + beta * c + bias)`` into ``c``.

    int8 takes neither ``alpha`` nor bias nor activation, and a ``beta`` of 0 or 1: its results are exact, modulo 2**32.
    ``rung`` forces one implementation. Operands and errors are those of :func:`matmul_into`.

    The error of an element is at most ``(k + 3) u`` times the sum of the magnitudes added, ``u`` being half a unit in
    the last place of fp32 or fp64; it is the same for any number of threads.
    """
    plain = (a, b, c, around.alpha, around.beta, around.activation, rung)
    if around.bias is None:
        _products.gemm_into(*plain)
    else:
        _products.gemm_bias_into(*plain, around.bias)
