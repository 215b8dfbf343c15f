"""Measuring the ceilings: each number is the best of several short tries, so that other programs disturb it least."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import repeat
from time import perf_counter_ns

from assay.vgpu.ceilings.machine import cache_levels, machine_fingerprint, processor_name
from assay.vgpu.ceilings.types import Bandwidth, Ceilings, Peak
from assay.vgpu.core import core_info
from assay.vgpu.runtime.native import native
from assay.vgpu.runtime.stream import default_stream

_KERNELS = (("fp64", "fma_f64"), ("fp32", "fma_f32"), ("bf16", "dot_bf16"), ("int8", "dot_i8"))
_KINDS = {"read": ("read",), "write": ("write", "write_past"), "copy": ("copy", "copy_past")}
_DRAM_BYTES = 128 << 20
_TRIES = 25
_TRY_NS = 1_500_000


def measure_ceilings() -> Ceilings:
    """Measure everything now."""
    workers = native.workers()
    threads = (1, workers) if workers > 1 else (1,)
    return Ceilings(
        machine=machine_fingerprint(),
        processor=processor_name(),
        workers=workers,
        isa=core_info().isa,
        measured=datetime.now(UTC).isoformat(timespec="seconds"),
        peaks=tuple(_peak(dtype, kernel, count) for dtype, kernel in _KERNELS for count in threads),
        bandwidths=tuple(
            _bandwidth(level, kind, count, size // count if is_shared else size)
            for level, size, is_shared in _working_sets()
            for kind in _KINDS
            for count in threads
        ),
        launch_ns=_launch_ns(),
        node_ns=_node_ns(),
    )


def _peak(dtype: str, kernel: str, threads: int) -> Peak:
    try:
        rate = _best_rate(lambda count, rounds, tries: native.ceiling_arithmetic(kernel, count, rounds, tries), threads)
    except RuntimeError:
        reason = (
            f"the processor, or ASSAY_ISA, offers no instruction for {dtype}; such kernels compute in fp32 or int32"
        )
        return Peak(dtype=dtype, threads=threads, operations_per_s=None, reason=reason)
    return Peak(dtype=dtype, threads=threads, operations_per_s=rate, reason="")


def _bandwidth(level: str, kind: str, threads: int, size: int) -> Bandwidth:
    size = max(4096, size // 1024 * 1024)
    rates = [_best_rate(partial(native.ceiling_traffic, way, size), threads) for way in _KINDS[kind]]
    return Bandwidth(level=level, kind=kind, threads=threads, working_set_bytes=size, bytes_per_s=max(rates))


def _working_sets() -> list[tuple[str, int, bool]]:
    """Level, bytes that stay in it and not in the one below, and whether threads share it."""
    sets = [(f"L{level}", size // 2, level > 2) for level, size in cache_levels()]
    return [*sets, ("DRAM", max(_DRAM_BYTES, 2 * max((2 * size for _, size, _ in sets), default=0)), True)]


def _best_rate(run: Callable[[int, int, int], tuple[int, int]], threads: int) -> float:
    """Amount per second of ``run(threads, passes, tries)``, in the best of tries that take long enough to be timed."""
    passes = 1
    while (wall_ns := run(1, passes, 1)[1]) < _TRY_NS // 4:
        passes *= 4
    passes = max(1, passes * _TRY_NS // wall_ns)
    amount, wall_ns = run(threads, passes, _TRIES)
    return amount / wall_ns * 1e9


def _launch_ns() -> float:
    return max(0.0, _call_ns(default_stream().nothing) - _call_ns(native.nothing))


def _node_ns() -> float:
    stream = default_stream()
    nodes = 1000
    with stream.capture() as capture:
        for _ in range(nodes):
            stream.nothing()
    return _call_ns(lambda: stream.replay(capture.graph), calls=100) / nodes


def _call_ns(function: Callable[[], object], calls: int = 5000) -> float:
    best = float("inf")
    for _ in range(7):
        start_ns = perf_counter_ns()
        for _ in repeat(None, calls):
            function()
        best = min(best, (perf_counter_ns() - start_ns) / calls)
    return best
