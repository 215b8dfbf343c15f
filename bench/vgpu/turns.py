"""Works measured in turns, and shares of what the machine can do at most, measured in the same turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

from assay.vgpu.runtime.native import native

Work = Callable[[], object]
DRAM_BYTES = 96 << 20


@dataclass(frozen=True)
class Times:
    """Seconds of one call, one for each turn."""

    seconds: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """What one turn took."""
        return statistics.median(self.seconds)

    @property
    def best_s(self) -> float:
        """What it takes while nobody else uses the machine; what it seems to, on a busy one."""
        return min(self.seconds)


def in_turns(works: dict[str, Work], turns: int, threads: int, least_s: float = 0.0005) -> dict[str, Times]:
    """Every work in every turn, after two that do not count, each as often as fills ``least_s``.

    Of one thread the processor time counts, which other programs disturb less; of more, the time on the wall.
    """
    now_ns = time.thread_time_ns if threads == 1 else time.perf_counter_ns

    def seconds(work: Work, calls: int) -> float:
        start_ns = now_ns()
        for _ in range(calls):
            work()
        return (now_ns() - start_ns) / 1e9 / calls

    once = {name: min(seconds(work, 1), seconds(work, 1)) for name, work in works.items()}
    calls = {name: max(1, round(least_s / max(1e-9, once[name]))) for name in works}
    rows = [{name: seconds(work, calls[name]) for name, work in works.items()} for _ in range(turns)]
    return {name: Times(tuple(row[name] for row in rows)) for name in works}


@dataclass(frozen=True)
class Ceiling:
    """The most that was seen of this machine, in the same turns."""

    read_bytes_per_s: float
    operations_per_s: float


def with_ceiling(works: dict[str, Work], kernel: str, turns: int, threads: int) -> tuple[dict[str, Times], Ceiling]:
    """The same, in three parts with the machine's ceilings measured before each."""
    parts, reads, peaks = [], [], []
    for _ in range(3):
        reads.append(read_bandwidth(threads))
        peaks.append(peak(kernel, threads))
        parts.append(in_turns(works, max(1, turns // 3), threads))
    times = {name: Times(tuple(second for part in parts for second in part[name].seconds)) for name in works}
    return times, Ceiling(max(reads), max(peaks))


def one_after_another(works: Sequence[Work]) -> Work:
    """Each call does the next: operands of all of them together don't stay in a cache."""
    following = cycle(works)

    def work() -> object:
        return next(following)()

    return work


def copies_beyond_caches(size_bytes: int) -> int:
    """How many operands of that size make up more than caches hold."""
    return max(1, -(-DRAM_BYTES // max(1, size_bytes)))


def peak(kernel: str, threads: int) -> float:
    """Operations per second of ``fma_f32``, ``fma_f64``, ``dot_bf16`` or ``dot_i8``, best of short tries."""
    amount, wall_ns = native.ceiling_arithmetic(kernel, threads, 20_000, 12)
    return amount / wall_ns * 1e9


def read_bandwidth(threads: int) -> float:
    """Bytes per second of reading memory, best of short tries."""
    amount, wall_ns = native.ceiling_traffic("read", DRAM_BYTES // threads // 1024 * 1024, threads, 1, 12)
    return amount / wall_ns * 1e9
