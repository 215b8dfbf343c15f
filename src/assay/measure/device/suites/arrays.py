"""Functions on arrays: large ones, which memory bounds, and a small one, which the call bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import assay.vgpu as vg
from assay.measure.device.case import Case, Sides

_LARGE, _HALF, _SORTED, _SMALL = 16 << 20, 8 << 20, 1 << 20, 16


def cases() -> list[Case]:
    """Arrays are fp32; a large one has 64 MiB."""
    return [
        _case("x + y of 32 MiB each", _LARGE, lambda xp, x: xp.add(x[:_HALF], x[_HALF:]), moved=1.5, written=True),
        _case("sqrt of 64 MiB", _LARGE, lambda xp, x: xp.sqrt(x), moved=2, written=True),
        _case("exp of 64 MiB", _LARGE, lambda xp, x: xp.exp(x), moved=2, written=True),
        _case("sum of 64 MiB", _LARGE, lambda xp, x: xp.sum(x), moved=1),
        _case("max of 64 MiB", _LARGE, lambda xp, x: xp.max(x), moved=1),
        _case("sort of 4 MiB", _SORTED, lambda xp, x: xp.sort(x)),
        _case("x + x of 64 B", _SMALL, lambda xp, x: xp.add(x, x)),
    ]


def _case(name: str, size: int, function: Callable[..., object], moved: float = 0.0, *, written: bool = False) -> Case:
    """``moved`` counts what is read and written, in arrays."""
    return Case(
        name=name,
        prepare=partial(_sides, size, function),
        precision="fp32",
        moved_bytes=int(4 * size * moved),
        traffic="copy" if written else "read",
    )


def _sides(size: int, function: Callable[..., object]) -> Sides:
    theirs = np.random.default_rng(size).random(size, np.float32)
    return Sides(ours=partial(function, vg, vg.asarray(theirs)), numpy=partial(function, np, theirs))


PLUGIN = cases
