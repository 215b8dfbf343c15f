"""What one look at the machine found: a line of ``assay doctor``."""

from __future__ import annotations

import enum

from assay.record.base import Name, Record, Text


class CheckState(enum.StrEnum):
    """How far something can be measured here."""

    OK = "ok"
    DEGRADED = "degraded"
    MISSING = "missing"


class Check(Record, kw_only=True):
    """One thing that was looked at. What is not as it should be says why, what is lost, and what would mend it."""

    id: Name
    """Stable name, for scripts."""
    group: Name
    """Subject it belongs to."""
    title: Name
    """What was looked at."""
    state: CheckState
    """Whether it is as a measurement needs it."""
    found: Text
    """What was seen."""
    reason: Text | None
    """Why it is not ok; null where it is."""
    lost: Text | None
    """What can't be measured, or not well; null where nothing is."""
    enable: Text | None
    """The command that would mend it, for a person to run; null where nothing needs mending."""

    def __post_init__(self) -> None:
        explained = [bool(text) for text in (self.reason, self.lost, self.enable)]
        if self.state is CheckState.OK and any(explained):
            raise ValueError(f"check {self.id} is ok, and yet explains a fault")
        if self.state is not CheckState.OK and not all(explained):
            raise ValueError(f"check {self.id} is {self.state} without reason, loss and remedy")
