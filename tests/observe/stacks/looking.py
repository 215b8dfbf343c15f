"""An observer of stacks at work on a program, as the launcher would drive it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

from assay.observe.collector import Observation
from assay.observe.stacks.observer import StacksObserver
from assay.observe.stacks.sampler import StackSampler
from assay.record.diagnosis.life import Life
from tests.observe.collectors.targets import Sink, waited_for

PATIENCE_S = 30.0


def observed(
    process: Popen[bytes], folder: Path, sampler: StackSampler | None, until: Callable[[Sink], bool]
) -> tuple[Sink, Observation]:
    """What was seen of a process until there is enough; the process is then ended."""
    sink = Sink(folder)
    observer = StacksObserver("stacks", sink, sampler)
    begun_ns = time.perf_counter_ns()
    observer.seen(Life(time_ns=begun_ns, event="seen", pid=process.pid, python="3.11"))
    give_up_s = time.monotonic() + PATIENCE_S
    while not until(sink) and time.monotonic() < give_up_s:
        observer.look(time.perf_counter_ns())
        time.sleep(0.02)
    process.kill()
    ended = waited_for(process, begun_ns)
    observer.seen(Life(time_ns=ended.end_ns, event="gone", pid=process.pid))
    return sink, observer.finish(ended)


def functions_of(sink: Sink) -> set[object]:
    """Names of all functions that were seen."""
    frames = sink.tables["frames"].rows if "frames" in sink.tables else []
    return {row[1] for row in frames}
