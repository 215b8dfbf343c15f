"""What handing out work costs, where the work itself is nothing."""

from __future__ import annotations

from functools import partial

from assay.measure.device.case import Case, Sides, Work
from assay.vgpu.runtime.native import native

_FIB, _FIB_TASKS = 22, 28_656
_PIECES = 50_000
_REGIONS = 1_000


def cases() -> list[Case]:
    """Times are those of one task, piece or region."""
    return [
        _case("a task of a fork-join tree", partial(native.pool_fib, _FIB), _FIB_TASKS),
        _case("a piece of a loop", partial(native.pool_loop, _PIECES, 1), _PIECES),
        _case("an empty loop of two pieces", partial(native.pool_loop, 2, _REGIONS), _REGIONS),
    ]


def _case(name: str, work: Work, things: int) -> Case:
    return Case(name=name, prepare=lambda: Sides(ours=work), things=things)


PLUGIN = cases
