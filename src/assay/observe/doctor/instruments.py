"""What checks can do to the live machine: each a function, so that any answer can be acted."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assay.errors import AssayError
from assay.observe.doctor.perf_events import Share, open_counter
from assay.settings import load_settings
from assay.vgpu import CoreInfo, core_info

READINGS = 2000
_CONNECT_WAIT_S = 0.2


@dataclass(frozen=True)
class ClockReading:
    """How a clock behaves when it is read again and again."""

    step_ns: int
    """Smallest difference of two readings that differ; 0 where it never advanced."""
    cost_ns: int
    """Time that one reading takes, median."""


@dataclass(frozen=True)
class Space:
    """What can be written where."""

    writable: bool
    free_bytes: int


def read_clock(name: str) -> ClockReading:
    """Read ``monotonic`` or ``thread`` a few thousand times."""
    read = {"monotonic": time.perf_counter_ns, "thread": time.thread_time_ns}[name]
    readings = [read() for _ in range(READINGS)]
    steps = [later - sooner for sooner, later in pairwise(readings) if later > sooner]
    began = time.perf_counter_ns()
    costs = []
    for _ in range(9):
        for _ in range(READINGS // 10):
            read()
        ended = time.perf_counter_ns()
        costs.append((ended - began) // (READINGS // 10))
        began = ended
    return ClockReading(step_ns=min(steps, default=0), cost_ns=int(statistics.median(costs)))


def connect(path: str) -> OSError | None:
    """Whether a local socket answers; the error if it does not."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as local:
            local.settimeout(_CONNECT_WAIT_S)
            local.connect(path)
    except OSError as error:
        return error
    return None


def space_at(folder: Path) -> Space:
    """Whether files could be made in a folder, or in the nearest one above it that exists; none is made."""
    place = next((place for place in (folder, *folder.parents) if place.exists()), Path("/"))
    stated = os.statvfs(place)
    writable = place.is_dir() and os.access(place, os.W_OK | os.X_OK) and not stated.f_flag & os.ST_RDONLY
    return Space(writable=writable, free_bytes=stated.f_bavail * stated.f_frsize)


def program_at(name: str) -> str | None:
    """Where a program lies: beside this interpreter, or on PATH."""
    beside = Path(sys.executable).parent
    return shutil.which(name, path=str(beside)) or shutil.which(name)


def store_location() -> str:
    """Where runs are kept, or an empty text where the settings can't tell."""
    try:
        return load_settings().store
    except AssayError:
        return ""


@dataclass(frozen=True)
class Instruments:
    """The ways in which checks touch the machine."""

    read_clock: Callable[[str], ClockReading] = read_clock
    open_counter: Callable[[str, Share], int] = open_counter
    connect: Callable[[str], OSError | None] = connect
    space_at: Callable[[Path], Space] = space_at
    store_location: Callable[[], str] = store_location
    program: Callable[[str], str | None] = program_at
    core: Callable[[], CoreInfo] = core_info
    is_root: Callable[[], bool] = lambda: os.geteuid() == 0
