"""How far a campaign is, from its manifest and its locks; nothing of it is changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.place import Place
from assay.campaign.manifest.states import Row, State
from assay.errors import PlanError
from assay.record.documents.campaign.status import (
    CampaignStatus,
    CycleStatus,
    FailedExperiment,
    HeldGroup,
    RunningExperiment,
    Standing,
)

_MOST_FAILURES = 20


def status_of(place: Place, file: Path) -> CampaignStatus:
    """The status of the campaign of that file."""
    manifest = Manifest.open(place.manifest)
    if manifest is None:
        return _not_begun(file)
    with manifest:
        return read_status(manifest, file, is_running=is_held(place.folder / "campaign.lock"))


def read_status(manifest: Manifest, file: Path, *, is_running: bool) -> CampaignStatus:
    """The status that a manifest shows."""
    about, counts = manifest.meta(), manifest.counts()
    held = _held(manifest, int(about.get("breaker", "0")))
    total = sum(number for state, number in counts.items() if state is not State.WITHDRAWN)
    is_left = manifest.open_cycle(group.group for group in held) is not None
    return CampaignStatus(
        name=about["name"],
        file=about["file"],
        state=_state(counts, is_running=is_running, is_left=is_left),
        changed=_sha256(file) != about["sha256"],
        total=total,
        done=counts.get(State.DONE, 0),
        failed=counts.get(State.FAILED, 0),
        left_s=left_s(manifest, max(1, int(about.get("devices", "1")))),
        cycles=_cycles(manifest),
        running=tuple(_running(row) for row in manifest.rows(State.RUNNING)),
        failures=tuple(_failed(row) for row in manifest.rows(State.FAILED)[-_MOST_FAILURES:]),
        held=held,
    )


def left_s(manifest: Manifest, devices: int) -> float | None:
    """What is left, at the pace of each cell so far; cells of which nothing is done go at the mean pace."""
    done = {cell: (number, seconds) for cell, (number, seconds) in manifest.durations().items() if number}
    if not done:
        return None
    mean_s = sum(seconds for _, seconds in done.values()) / sum(number for number, _ in done.values())
    rest = 0.0
    for cell, number in manifest.waiting().items():
        known = done.get(cell)
        rest += number * (known[1] / known[0] if known else mean_s)
    return rest / devices


def is_held(lock: Path) -> bool:
    """Whether a process carries the campaign out."""
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _state(counts: Mapping[State, int], *, is_running: bool, is_left: bool) -> Standing:
    if is_running:
        return "running"
    if is_left:
        return "resumable"
    if counts.get(State.PENDING, 0):
        return "held"
    return "failed" if counts.get(State.FAILED, 0) else "complete"


def _held(manifest: Manifest, breaker: int) -> tuple[HeldGroup, ...]:
    found = manifest.breakers().items()
    return tuple(
        HeldGroup(group=group, failures=failures, reason=reason)
        for group, (failures, reason) in found
        if breaker and failures >= breaker
    )


def _cycles(manifest: Manifest) -> tuple[CycleStatus, ...]:
    counts: dict[int, dict[str, int]] = {}
    for cycle, state, number in manifest.cycles():
        counts.setdefault(cycle, {})[state.value] = number
    return tuple(CycleStatus(cycle=cycle, **numbers) for cycle, numbers in counts.items())


def _running(row: Row) -> RunningExperiment:
    return RunningExperiment(
        id=row.id,
        cell=row.label,
        cycle=row.cycle,
        generation=row.generation,
        device=row.device or "?",
        for_s=max(0.0, (time.time_ns() - (row.begun_ns or 0)) / 1e9),
    )


def _failed(row: Row) -> FailedExperiment:
    return FailedExperiment(id=row.id, cell=row.label, cycle=row.cycle, run=row.run, reason=row.reason)


def _not_begun(file: Path) -> CampaignStatus:
    if not file.is_file():
        raise PlanError("there is no such file", where=str(file), remedy="name the campaign's YAML file")
    return CampaignStatus(
        name=file.stem or "campaign",
        file=str(file),
        state="not_begun",
        changed=False,
        total=0,
        done=0,
        failed=0,
        left_s=None,
        cycles=(),
        running=(),
        failures=(),
        held=(),
    )


def _sha256(file: Path) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return None
