"""What can become of an experiment."""

from __future__ import annotations

from enum import StrEnum

from assay.record.base import Record


class State(StrEnum):
    """The state of an experiment in the manifest."""

    PENDING = "pending"
    """Not begun, or to be made again."""
    RUNNING = "running"
    """Given to a worker, whose end was not taken in yet."""
    DONE = "done"
    """Its run is in the store, complete."""
    FAILED = "failed"
    """Tried as often as it may be, never complete."""
    WITHDRAWN = "withdrawn"
    """No longer in the file."""


OVER = (State.DONE, State.FAILED, State.WITHDRAWN)
"""States in which nothing more happens."""


class Row(Record, kw_only=True):
    """An experiment as the manifest has it."""

    id: str
    seq: int
    """Its place in the order."""
    cell: str
    """Id of its cell."""
    label: str
    group_name: str
    cycle: int
    state: State
    generation: int
    """Attempts begun so far; a result counts for the generation it was made in only."""
    failures: int
    """Attempts that failed."""
    kills: int
    """Times that its worker was killed by somebody else."""
    device: str | None
    """Device of the attempt that runs, or the last one."""
    wants: str | None
    """Device it has to run on; null for any."""
    run: str | None
    """Id of the run of the last attempt."""
    begun_ns: int | None
    ended_ns: int | None
    reason: str
    """Why it is not done."""

    @property
    def took_s(self) -> float | None:
        """Time from the attempt's begin to its end."""
        return None if self.begun_ns is None or self.ended_ns is None else (self.ended_ns - self.begun_ns) / 1e9
