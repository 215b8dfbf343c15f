"""Taking in what became of a generation, the same way after a worker's end and after a kill of everything."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import msgspec
from msgspec import structs

from assay.campaign.manifest.events import Events
from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.states import Row, State
from assay.campaign.running.order import Result
from assay.campaign.running.worker_process import Ending
from assay.errors import AssayError, RunNotFoundError
from assay.record.enums import Status
from assay.store import Store

_MOST_KILLS = 5
"""Times that a worker may be killed by others, as for want of memory, before its experiment has failed."""


def result_file(folder: Path, row: Row) -> Path:
    """Where the result of a row's present generation is put."""
    return folder / f"{row.id}.{row.generation}.json"


class Intake:
    """Settles experiments from what workers left. Called with the device's lock held, or after the worker's end."""

    def __init__(self, manifest: Manifest, events: Events, store: Store, results: Path, attempts: int) -> None:
        self._manifest = manifest
        self._events = events
        self._store = store
        self._results = results
        self._attempts = attempts

    def take(self, row: Row, ending: Ending) -> Row:
        """Settle one experiment; ``ending`` says what is known where no result was left."""
        result = self._sealed(row) or self._told(row)
        if result is None:
            status = Status.FAILED if ending.failed else Status.INTERRUPTED
            result = _result(row, None, status, ending.reason)
        settled = self._settled(row, result, killed=ending.killed)
        self._manifest.settle(settled)
        self._log(settled, result)
        if result.status is Status.COMPLETE:
            self._manifest.forgive(row.group_name)
        elif result.status is not Status.INTERRUPTED:
            self._manifest.note_failure(row.group_name, settled.reason)
        return settled

    def _settled(self, row: Row, result: Result, *, killed: bool) -> Row:
        """The row as it is from now on."""
        is_lost = result.status is Status.INTERRUPTED
        is_failure = not is_lost and result.status is not Status.COMPLETE
        failures, kills = row.failures + is_failure, row.kills + (killed and is_lost)
        if result.status is Status.COMPLETE:
            state = State.DONE
        elif failures >= self._attempts or kills >= _MOST_KILLS:
            state = State.FAILED
        else:
            state = State.PENDING
        reason = "" if state is State.DONE else result.reason
        changes = {"state": state, "failures": failures, "kills": kills, "reason": reason, "ended_ns": time.time_ns()}
        return structs.replace(row, **changes)

    def _log(self, row: Row, result: Result) -> None:
        event = {State.DONE: "done", State.FAILED: "failed"}.get(row.state, "again")
        self._events.add(
            event,
            experiment=row.id,
            cell=row.label,
            cycle=row.cycle,
            generation=row.generation,
            device=row.device,
            run=result.run,
            reason=row.reason or None,
        )

    def _sealed(self, row: Row) -> Result | None:
        """What the store says: a draft that nobody holds any more is a run by now, an interrupted one."""
        if row.run is None:
            return None
        try:
            record = self._store.get(row.run).record
        except RunNotFoundError:
            return None
        if record.status is Status.INTERRUPTED:
            self._discard(row)
            return _result(row, None, record.status, record.status_reason)
        return _result(row, row.run, record.status, record.status_reason)

    def _discard(self, row: Row) -> None:
        """Remove what an interrupted generation recorded: its experiment is made again, and counts once."""
        with contextlib.suppress(AssayError):
            self._store.remove(str(row.run))
            self._events.add("discarded", experiment=row.id, generation=row.generation, run=row.run)

    def _told(self, row: Row) -> Result | None:
        try:
            result = msgspec.json.decode(result_file(self._results, row).read_bytes(), type=Result)
        except (OSError, msgspec.DecodeError):
            return None
        return result if (result.experiment, result.generation) == (row.id, row.generation) else None


def _result(row: Row, run: str | None, status: Status, reason: str) -> Result:
    return Result(experiment=row.id, generation=row.generation, run=run, status=status, reason=reason)
