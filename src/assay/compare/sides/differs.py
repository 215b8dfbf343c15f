"""In what the two sides differ, in words: the change that is asked about, as far as the records tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from assay.record.fingerprint import diff
from assay.record.fingerprint.groups import Group
from assay.record.run import Run

_GROUPS = (Group.WORKLOAD, Group.CONFIGURATION, Group.MACHINE)
_MOST = 12
_LONGEST = 120
_FEWEST = 5
_MUCH = 3.0


def differs(before: Sequence[Run], after: Sequence[Run]) -> tuple[str, ...]:
    """Facts of the first run of each side that are unlike; the rest is counted."""
    found = list(_differences(before[0], after[0]))
    more = len(found) - _MOST
    return (*found[:_MOST], f"and {more} more facts (assay runs diff)") if more > 0 else tuple(found)


def notes(before: Sequence[Run], after: Sequence[Run]) -> Iterator[str]:
    """What makes one hesitate although it is no obstacle."""
    for runs, name in ((before, "baseline"), (after, "candidate")):
        workloads = {run.fingerprints.workload_sha256 for run in runs}
        if len(workloads) > 1:
            yield f"runs of the {name} did not all run the same: {len(workloads)} different targets"
    printed = [{run.outcome.stdout_sha256 for run in runs} for runs in (before, after)]
    if None not in printed[0] | printed[1] and len(printed[0]) == len(printed[1]) == 1 and printed[0] != printed[1]:
        yield "the sides did not print the same: is it still the same work?"
    hosts = {run.environment.hostname_sha256 for run in (*before, *after)} - {None}
    if len(hosts) > 1:
        yield "the runs carry several host names: were they made on one machine?"
    invalid = sum(any(flag.severity.value == "invalid" for flag in run.quality) for run in (*before, *after))
    if invalid:
        yield f"{invalid} runs carry a quality flag that says their numbers must not be used"


def steadier(before: Sequence[Run], after: Sequence[Run], metric: str) -> Iterator[str]:
    """Whether processor time would answer with far fewer runs than wall time."""
    if metric != "wall_s" or min(len(before), len(after)) < _FEWEST:
        return
    wall, cpu = (_spread(before, after, name) for name in ("wall_s", "cpu_s"))
    if wall and cpu and wall > _MUCH * cpu:
        yield f"processor time spreads {wall / cpu:.0f} times less than wall time in these runs: --metric cpu"


def _spread(before: Sequence[Run], after: Sequence[Run], metric: str) -> float | None:
    """Standard deviation of the logarithm inside the sides; None where a run lacks the number."""
    squares, freedom = 0.0, 0
    for runs in (before, after):
        values = [one.value.value for run in runs for one in run.metrics if one.name == metric and one.device is None]
        logs = [math.log(value) for value in values if value is not None and value > 0.0]
        if len(logs) != len(runs):
            return None
        mean = sum(logs) / len(logs)
        squares += sum((value - mean) ** 2 for value in logs)
        freedom += len(logs) - 1
    return math.sqrt(squares / freedom)


def _differences(a: Run, b: Run) -> Iterator[str]:
    for one in diff(a, b):
        if one.group in _GROUPS:
            yield f"{one.pointer.removeprefix('/')}: {_short(one.a)} → {_short(one.b)}"


def _short(value: Any) -> str:
    text = "none" if value is None else " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
