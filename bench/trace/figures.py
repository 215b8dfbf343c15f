"""Absolute figures: a stamp, the size of an event, and ``assay trace`` on a million events and on many more."""

from __future__ import annotations

import functools
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assay.trace.recording.facts import Facts
from assay.trace.recording.recorder import Request, record
from assay.vgpu.core import active
from bench.harness import Figure, Options
from bench.trace import made

FULL, QUICK = 1_000_000, 100_000
MANY = 100_000_000
_ROUNDS = 60


def figures(options: Options) -> Iterator[Figure]:
    """Every figure, each at full size unless quick."""
    yield from _stamps(options.folder)
    events = QUICK if options.quick else FULL
    for ending, bar in ((".parquet", "at most 16"), (".jsonl", "")):
        path = made.write(options.folder / f"t{ending}", events)
        yield Figure(f"size of an event, {ending}", path.stat().st_size / events, "B", bar)
        yield from _told(path, f"assay trace, {events:,} events, {ending}", ("at most 2", "at most 500"))
        path.unlink()
    if not options.quick:
        path = made.write(options.folder / "many.parquet", MANY)
        yield from _told(path, f"assay trace, {MANY:,} events, .parquet", ("", "bounded"))


def _stamps(folder: Path) -> Iterator[Figure]:
    """Processor time of one step, the least of many rounds."""
    native = getattr(active, "trace_spans", None)
    if native is not None:
        yield Figure("a native step, off", _least_ns(lambda: native(20_000), 20_000), "ns", "reads no clock")
        yield Figure("a native step, on", _recorded_ns(folder, native, 20_000, cpu=False), "ns", "about 18")
        yield Figure("a native step, on, with CPU time", _recorded_ns(folder, native, 2_000, cpu=True), "ns")
    for cpu, words in ((False, ""), (True, ", with CPU time")):
        with record(folder / "stamps.jsonl", Facts(cpu_time=cpu)) as trace, trace.request() as request:
            least = _least_ns(functools.partial(_steps, request, 500), 500)
        yield Figure(f"a step of an adapter in Python{words}", least, "ns")


def _recorded_ns(folder: Path, native: Callable[[int], object], count: int, *, cpu: bool) -> float:
    with record(folder / "stamps.jsonl", Facts(cpu_time=cpu)) as trace:
        return min(_once_ns(lambda: native(count), count, trace.flush) for _ in range(_ROUNDS))


def _steps(request: Request, count: int) -> None:
    for _ in range(count):
        with request.step("FFN", 3, 5, phase="decode"):
            pass


def _least_ns(work: Callable[[], object], count: int) -> float:
    return min(_once_ns(work, count, lambda: None) for _ in range(_ROUNDS))


def _once_ns(work: Callable[[], object], count: int, after: Callable[[], object]) -> float:
    start_ns = time.thread_time_ns()
    work()
    spent_ns = time.thread_time_ns() - start_ns
    after()
    return spent_ns / count


def _told(path: Path, name: str, bars: tuple[str, str]) -> Iterator[Figure]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start_ns = time.perf_counter_ns()
    command = [sys.executable, "-c", _CHILD, str(path)]
    peak_kib = int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.split()[-1])
    wall_s = (time.perf_counter_ns() - start_ns) / 1e9
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield Figure(name, wall_s, "s", bars[0])
    yield Figure(f"{name}: processor time", cpu_s, "s")
    yield Figure(f"{name}: peak memory", peak_kib / 1024, "MiB", bars[1])


_CHILD = """
import resource, sys
from assay.cli.app import run
status = run(["trace", sys.argv[1]])
sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
sys.exit(status)
"""
