"""kill -9 at random moments of recording and of salvaging: ``python -m bench.store.kills --points 300``.

Each point: a child records two runs and is killed at a random moment; every second time a child that only opens
the store is killed as well, in the middle of its salvage. Then the store is opened and must be in order: what was
acknowledged is there, whole and complete, what was cut short is `interrupted` or absent, and nothing is left over.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assay.record.codec import encode_run
from assay.store import Store, open_store
from assay.store.spans import recording
from bench.store.recovery import Child, faults_of, list_runs, record_run
from tests.makers import make_run

_SPANS = (0, 500)
_WARM = recording.Recording
"""Loaded before forking, so that a child does nothing but record."""


def main() -> int:
    """Run the experiment; the exit status is the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="assay-kills-") as scratch:
        result = _experiment(Path(scratch), options.points, rng)
    print(json.dumps(result))
    return 1 if result["faults"] else 0


def _experiment(scratch: Path, points: int, rng: random.Random) -> dict[str, object]:
    encode_run(make_run())
    durations = {spans: _duration_s(scratch / f"clean-{spans}", spans) for spans in _SPANS}
    faults: list[str] = []
    totals = {"acknowledged": 0, "complete": 0, "interrupted": 0, "killed_salvages": 0}
    for point in range(points):
        root, spans = scratch / f"point-{point}", _SPANS[point % len(_SPANS)]
        sealed = _killed(root, partial(record_run, spans=spans), 2, rng.uniform(0, durations[spans]))
        if point % 2:
            _killed(root, list_runs, 1, rng.uniform(0, durations[spans] / 4))
            totals["killed_salvages"] += 1
        faults += [f"point {point}: {fault}" for fault in faults_of(root, sealed)]
        totals["acknowledged"] += len(sealed)
        for row in open_store(root).runs():
            totals[row.status] += 1
    return {"points": points, **totals, "faults": faults}


def _duration_s(root: Path, spans: int) -> float:
    """Longest of three undisturbed recordings of two runs."""
    longest_s = 0.0
    for _ in range(3):
        begin_s = time.perf_counter()
        Child(root, partial(record_run, spans=spans), runs=2).finish()
        longest_s = max(longest_s, time.perf_counter() - begin_s)
    return longest_s


def _killed(root: Path, work: Callable[[Store], str], runs: int, delay_s: float) -> list[str]:
    child = Child(root, work, runs=runs)
    time.sleep(delay_s)
    child.kill()
    return child.finish()[0]


if __name__ == "__main__":
    sys.exit(main())
