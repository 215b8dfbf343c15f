"""A machine's ceilings, and cases that cost nothing."""

from __future__ import annotations

from collections.abc import Callable

from assay.measure.device.case import Case, Sides
from assay.vgpu import Bandwidth, Ceilings, Peak


def make_ceilings(*, peak: float | None = 100e9, bandwidth: float = 50e9) -> Ceilings:
    return Ceilings(
        machine="0" * 64,
        processor="a processor",
        workers=2,
        isa="avx2",
        measured="2026-01-01T00:00:00+00:00",
        peaks=(Peak(dtype="fp32", threads=2, operations_per_s=peak, reason="" if peak else "none"),),
        bandwidths=tuple(
            Bandwidth(level="DRAM", kind=kind, threads=2, working_set_bytes=1 << 30, bytes_per_s=bandwidth)
            for kind in ("read", "copy")
        ),
        launch_ns=100.0,
        node_ns=2.0,
    )


def make_case(name: str, ours: Callable[[], object], numpy: Callable[[], object] | None = None) -> Case:
    return Case(name=name, prepare=lambda: Sides(ours=ours, numpy=numpy))
