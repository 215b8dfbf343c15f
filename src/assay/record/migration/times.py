"""When an experiment was, as far as its file says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from assay.record.base import Record
from assay.record.migration.source import Experiment
from assay.record.run import Clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SOURCE = "UTC of the older result file"
_MICROSECOND = timedelta(microseconds=1)


class Times(Record, kw_only=True):
    """Start and end."""

    created: datetime
    """Start, UTC; the epoch where the file tells none."""
    clock: Clock
    """Start and end on the calendar, which is the only clock of the file."""
    known: bool
    """Whether the file tells a start, and an end that is not before it."""
    zoned: bool
    """Whether its times carry a time zone; where not, they are taken for UTC."""


def times_of(experiment: Experiment) -> Times:
    """Start and end from the experiment's own times, or from those of its processes."""
    starts = _stamps(experiment, "start_time", "start")
    ends = _stamps(experiment, "end_time", "end")
    start = min(map(_utc, starts), default=EPOCH)
    end = max(map(_utc, ends), default=start)
    known = bool(starts) and bool(ends) and end >= start
    zoned = all(stamp.tzinfo is not None for stamp in (*starts, *ends))
    return Times(created=start, clock=_clock(start, max(start, end)), known=known, zoned=zoned)


def _stamps(experiment: Experiment, own: str, inner: str) -> list[datetime]:
    stamp = _parsed(experiment.fields.get(own))
    if stamp is not None:
        return [stamp]
    sections = [process.get("timestamps") for process in experiment.processes()]
    stamps = [_parsed(section.get(inner)) for section in sections if isinstance(section, dict)]
    return [stamp for stamp in stamps if stamp is not None]


def _parsed(value: Any) -> datetime | None:
    try:
        stamp = datetime.fromisoformat(value) if isinstance(value, str) else None
        return stamp if stamp is None or _utc(stamp) >= EPOCH else None
    except (ValueError, OverflowError):
        return None


def _utc(stamp: datetime) -> datetime:
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def _clock(start: datetime, end: datetime) -> Clock:
    start_ns, end_ns = ((stamp - EPOCH) // _MICROSECOND * 1000 for stamp in (start, end))
    return Clock(
        source=_SOURCE,
        start_ns=start_ns,
        end_ns=end_ns,
        start_utc_ns=start_ns,
        end_utc_ns=end_ns,
        anchor_error_ns=0,
    )
