"""Surroundings acted for checks: a machine below a root, and instruments that answer as told."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.observe.doctor import Instruments, Surroundings
from assay.observe.doctor.instruments import ClockReading, Space
from assay.vgpu import CoreInfo
from tests.observe.environment.machines import Files, make_machine

GOOD_CORE = CoreInfo(
    core="native", isa="avx2", isas=("portable", "avx2"), features=("avx2",), compiler="gcc 12.2.0", reason=""
)


def make_surroundings(
    root: Path, *parts: Files, environ: Mapping[str, str] | None = None, **instruments: Any
) -> Surroundings:
    """A machine where every instrument answers well, except for those given."""
    answers: dict[str, Any] = {
        "read_clock": lambda _: ClockReading(step_ns=20, cost_ns=40),
        "open_counter": lambda _event, _share: 0,
        "connect": lambda _: None,
        "space_at": lambda _: Space(writable=True, free_bytes=2**40),
        "store_location": lambda: "/data/assay",
        "program": lambda name: f"/usr/bin/{name}",
        "core": lambda: GOOD_CORE,
        "is_root": lambda: False,
    }
    sources = make_machine(root, *parts, environ=environ)
    return Surroundings(sources=sources, instruments=Instruments(**{**answers, **instruments}))


def refuse(code: int) -> OSError:
    """The error of a system call."""
    return OSError(code, errno.errorcode[code])
