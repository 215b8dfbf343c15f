"""``python -m bench.compare.speed [--spans 10000000]``: how long ``assay compare`` takes, and how much memory.

First 20 and 20 invocations of 128 cells and 32 tokens, in blocks, answered three times: the whole command with its
start, and whether the answers agree byte for byte. Then two runs of so many spans each. Bars: 1 s and 300 MB, and 5 s.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from assay.observe.environment import capture
from assay.record.base import Measured
from assay.record.enums import Backend, TargetKind
from assay.record.plan import Outcome, Plan, Position, Target, Workload
from assay.record.rows import Metric
from assay.record.run import Clock
from assay.store import Store, open_store
from bench.compare.noise import REALISTIC, STEPS, Shape, pair
from bench.table import text_table

_SHAPE = Shape(cells=128)
_TIMES = 3
_CHUNK = 1 << 18
_SECOND_NS = 10**9


def main() -> int:
    """Make the runs, compare them, print; 1 where repeated answers differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=10_000_000, help="of each of the two runs; 0 leaves them out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        _apart(_invocations, small)
        answers = [_compared(small, "session:speed/A", "session:speed/B") for _ in range(_TIMES)]
        rows = [_row("20 + 20 invocations of 128 cells, 32 tokens", answer) for answer in answers]
        if options.spans:
            _apart(_two_large, large, options.spans)
            rows.append(_row(f"two runs of {options.spans:,} spans", _compared(large, "@-2", "@latest")))
    same = len({answer.text for answer in answers}) == 1
    sys.stdout.write(text_table(("comparison", "wall s", "processor s", "peak MB", "exit status"), rows) + "\n")
    sys.stdout.write(f"repeated answers {'agree byte for byte' if same else 'DIFFER'}\n")
    return int(not same)


@dataclass(frozen=True, kw_only=True)
class _Answer:
    wall_s: float
    processor_s: float
    peak_bytes: int
    status: int
    text: bytes


def _apart(make: Callable[..., None], *given: object) -> None:
    """In a process of its own: a child's peak memory begins at its parent's."""
    child = get_context("spawn").Process(target=make, args=given)
    child.start()
    child.join()
    if child.exitcode:
        raise RuntimeError(f"the runs could not be made: exit status {child.exitcode}")


def _compared(store: Path, *sides: str) -> _Answer:
    """The command as a user starts it."""
    answer = store.parent / "answer.json"
    words = [sys.executable, "-m", "assay", "compare", *sides, "--json"]
    begin = time.perf_counter()
    with answer.open("wb") as output:
        child = os.posix_spawn(
            sys.executable,
            words,
            {**os.environ, "ASSAY_STORE": str(store)},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)],
        )
        _, status, used = os.wait4(child, 0)
    return _Answer(
        wall_s=time.perf_counter() - begin,
        processor_s=used.ru_utime + used.ru_stime,
        peak_bytes=used.ru_maxrss * 1024,
        status=os.waitstatus_to_exitcode(status),
        text=answer.read_bytes(),
    )


def _row(name: str, answer: _Answer) -> tuple[str, ...]:
    megabytes = answer.peak_bytes / 1e6
    return name, f"{answer.wall_s:.2f}", f"{answer.processor_s:.2f}", f"{megabytes:.0f}", str(answer.status)


def _invocations(folder: Path) -> None:
    """Both sides of a simulated pair as sealed runs."""
    store = open_store(folder)
    sides = pair(np.random.default_rng(1), _SHAPE, REALISTIC)
    for name, side in zip("AB", sides, strict=True):
        for unit, durations in enumerate(side.durations):
            start = 0 if side.starts_ns is None else int(side.starts_ns[unit])
            block = None if side.blocks is None else int(side.blocks[unit])
            position = Position(session="speed", block=block, side=name, invocation=unit)
            _run(store, position, start, (durations * 1e6).astype(np.int64))


def _two_large(folder: Path, spans: int) -> None:
    store, source = open_store(folder), np.random.default_rng(2)
    for number in range(2):
        walls = source.lognormal(np.log(1e5), 0.1, (64, spans // 64)).astype(np.int64)
        _run(store, Position(), number, walls)


def _run(store: Store, position: Position, start: int, walls_ns: np.ndarray) -> None:
    """A sealed run; ``walls_ns`` has the shape (cells, tokens)."""
    plan = Plan(
        target=Target(kind=TargetKind.BENCHMARK, name="speed", backend=Backend.NULL), workload=Workload(name="speed")
    )
    with store.draft(plan, capture(), position=position) as draft:
        for cell, walls in enumerate(walls_ns):
            ends = np.cumsum(walls)
            for first in range(0, len(walls), _CHUNK):
                part = slice(first, first + _CHUNK)
                draft.spans.append(
                    step=f"step {cell % STEPS}",
                    phase="decode",
                    layer=cell // STEPS,
                    token=np.arange(len(walls))[part],
                    start_ns=(ends - walls)[part],
                    wall_ns=walls[part],
                )
        draft.add(metrics=[Metric(name="wall_s", value=Measured(value=float(walls_ns.sum()) / 1e9, by="simulated"))])
        draft.finish(outcome=Outcome(exit_code=0), clock=_clock(start))
    draft.seal()


def _clock(start: int) -> Clock:
    start_ns = start * _SECOND_NS
    return Clock(
        source="CLOCK_MONOTONIC",
        start_ns=start_ns,
        end_ns=start_ns + _SECOND_NS // 2,
        start_utc_ns=1_732_017_600 * _SECOND_NS + start_ns,
        end_utc_ns=1_732_017_600 * _SECOND_NS + start_ns + _SECOND_NS // 2,
        anchor_error_ns=100,
    )


if __name__ == "__main__":
    sys.exit(main())
