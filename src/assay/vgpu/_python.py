"""The functions of ``_native`` in Python: the same results, far slower. Used where the compiled core is missing."""

from __future__ import annotations

import operator
import os
import statistics
import time
from functools import reduce
from pathlib import Path

_ISAS = ("portable", "avx2", "avx512")
_RUNGS = ("reference", *_ISAS)
_KERNELS = ("sum_f32", "sum_f64")
_SUM_LANES = 32
_KNOWN_FEATURES = frozenset((
    "amx_bf16", "amx_int8", "amx_tile", "avx", "avx2", "avx512_bf16", "avx512_fp16", "avx512_vnni", "avx512bw",
    "avx512cd", "avx512dq", "avx512f", "avx512vl", "avx_vnni", "bmi2", "f16c", "fma", "popcnt", "sse4_2",
))  # fmt: skip


def compiler() -> None:
    """Nothing was compiled."""


def isa() -> str:
    """Always ``none``; a wish for another is an error here as it is in the native core."""
    wanted = os.environ.get("ASSAY_ISA", "")
    if wanted and wanted not in _ISAS:
        raise ValueError(f"isa: ASSAY_ISA={wanted}: no such instruction set; choose one of: {', '.join(_ISAS)}")
    if wanted not in ("", "portable"):
        raise RuntimeError(f"isa: ASSAY_ISA={wanted}: the Python core has no instruction sets; unset it")
    return "none"


def isas() -> tuple[str, ...]:
    """There are none to choose from."""
    return ()


def cpu_features() -> tuple[str, ...]:
    """The features that the native core knows and the kernel reports, sorted."""
    return tuple(sorted(_KNOWN_FEATURES & _kernel_flags()))


def clock_facts(window_ns: int) -> tuple[int, float, bool, float | None, float | None]:
    """What can be said of the clock without reading the time-stamp counter, which Python can't."""
    del window_ns
    resolution_ns = round(time.get_clock_info("perf_counter").resolution * 1e9)
    return resolution_ns, _read_cost_ns(), {"constant_tsc", "nonstop_tsc"} <= _kernel_flags(), None, None


def kernels() -> tuple[tuple[str, str, str], ...]:
    """The reference rungs alone."""
    return tuple(("reduce", name, "reference") for name in _KERNELS)


def sum_buffer(values: object, rung: str) -> float:
    """In the order that the native core keeps, so that the bits are the same."""
    flat = _flat(values)
    if rung and rung not in _RUNGS:
        raise ValueError(f"sum_buffer: no rung {rung!r}; there are {', '.join(_RUNGS)}")
    if rung not in ("", "reference"):
        raise RuntimeError(f"sum_buffer: the Python core has no {rung} rung")
    lanes = [reduce(operator.add, flat[lane::_SUM_LANES].tolist(), 0.0) for lane in range(_SUM_LANES)]
    while len(lanes) > 1:
        half = len(lanes) // 2
        lanes = [lanes[lane] + lanes[lane + half] for lane in range(half)]
    return lanes[0]


def _flat(values: object) -> memoryview[float]:
    view = memoryview(values)  # type: ignore[arg-type]
    if not view.c_contiguous:
        raise BufferError("sum_buffer: the buffer is not C-contiguous")
    code = view.format.lstrip("@<")
    flat = view.cast("B") if view.nbytes else memoryview(b"")
    if code == "f":
        return flat.cast("f")
    if code == "d":
        return flat.cast("d")
    raise TypeError(f"sum_buffer: expected elements of format 'd', not {code!r}")


def _kernel_flags() -> frozenset[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), ()))


def _read_cost_ns() -> float:
    reads = 64
    blocks = []
    for _ in range(33):
        start = time.perf_counter_ns()
        for _ in range(reads - 1):
            time.perf_counter_ns()
        blocks.append((time.perf_counter_ns() - start) / reads)
    return statistics.median(blocks)
