"""The kernels of this core, by family, name and rung."""

from __future__ import annotations

from typing import NamedTuple

from assay.vgpu.core import active


class Kernel(NamedTuple):
    """One implementation of one operation."""

    family: str
    """Group of operations, for example ``reduce``."""
    name: str
    """Operation and element type, for example ``sum_f32``."""
    rung: str
    """``reference`` (plain code that defines the result), ``portable``, ``avx2`` or ``avx512``."""


def all_kernels() -> tuple[Kernel, ...]:
    """Every kernel of this core, those included that this processor can't run; ``reference`` first."""
    return tuple(Kernel(*names) for names in active.kernels())


def sum_of(values: object, *, rung: str = "") -> float:
    """The sum of a contiguous fp32 or fp64 buffer, accumulated in fp64.

    The order of the additions is fixed, so that every rung, every core and every machine returns the same bits:
    element ``i`` is added to lane ``i % 32``, then the upper half of the lanes to the lower half until one is left.
    ``rung`` forces one implementation; by default the best one for this machine runs, without the interpreter's lock.

    Raises ``TypeError`` for other or misaligned elements, ``ValueError`` for an unknown rung, ``RuntimeError`` for one
    that can't run here, and what the object itself raises when its memory is not contiguous.
    """
    return active.sum_buffer(values, rung)
