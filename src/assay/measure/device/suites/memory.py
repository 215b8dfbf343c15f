"""Allocation, copies, and the way of a buffer through the compressed tier."""

from __future__ import annotations

from functools import partial

import numpy as np

import assay.vgpu as vg
from assay.measure.device.case import Case, Sides
from assay.vgpu.memory import Buffer

_SMALL, _LARGE = 16, 1 << 20
_COPIED = 16 << 20
_EVICTED_BYTES = 8 << 20


def cases() -> list[Case]:
    """Arrays are fp32."""
    return [
        Case(name="make an array of 64 B", prepare=partial(_made, _SMALL)),
        Case(name="make an array of 4 MiB", prepare=partial(_made, _LARGE)),
        Case(name="copy 64 MiB", prepare=_copied, moved_bytes=2 * 4 * _COPIED, traffic="copy"),
        Case(name="evict 8 MiB, half of it noise, and bring it back", prepare=_evicted),
    ]


def _made(elements: int) -> Sides:
    return Sides(
        ours=partial(vg.empty, (elements,), dtype=vg.float32), numpy=partial(np.empty, (elements,), np.float32)
    )


def _copied() -> Sides:
    theirs = np.ones(_COPIED, np.float32)
    ours = vg.asarray(theirs, copy=True)
    return Sides(ours=partial(vg.asarray, ours, copy=True), numpy=theirs.copy)


def _evicted() -> Sides:
    buffer = Buffer(_EVICTED_BYTES, name="bench")
    noise = np.random.default_rng(1).bytes(_EVICTED_BYTES // 2)

    def there_and_back() -> None:
        with buffer.pinned() as view:
            view[: len(noise)] = noise
        buffer.evict()

    return Sides(ours=there_and_back)


PLUGIN = cases
