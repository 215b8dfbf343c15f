"""In what the two sides differ, in words: the change that is asked about, as far as the records tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assay.compare.sides.comparable import FACTS
from assay.record.fingerprint import diff
from assay.record.fingerprint.groups import Group
from assay.record.run import Run

_GROUPS = (Group.WORKLOAD, Group.CONFIGURATION, Group.MACHINE)
_MOST = 12
_LONGEST = 120


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


def allowed(across: frozenset[str]) -> tuple[str, ...]:
    """Words of ``--across`` that name no fact."""
    return tuple(sorted(across - {fact.name for fact in FACTS}))


def _differences(a: Run, b: Run) -> Iterator[str]:
    for one in diff(a, b):
        if one.group in _GROUPS:
            yield f"{one.pointer.removeprefix('/')}: {_short(one.a)} → {_short(one.b)}"


def _short(value: Any) -> str:
    text = "none" if value is None else " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
