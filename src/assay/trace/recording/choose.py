"""Which ring a recording writes to."""

from __future__ import annotations

from typing import Any

from assay.trace.recording.native import NativeRing
from assay.trace.recording.ring import PythonRing, Ring
from assay.vgpu.core import active


def open_ring(rows_per_thread: int, *, cpu_time: bool) -> Ring:
    """The native ring, or a list in Python where there is no native core."""
    native: Any = active
    if not hasattr(native, "trace_start"):
        return PythonRing()
    return NativeRing(native, rows_per_thread, cpu_time=cpu_time)
