"""Journal entries to a Run: the same way for a run that was finished and for one that was cut short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.record.enums import DeviceKind, Status
from assay.record.fingerprint import fingerprint
from assay.record.plan import Outcome
from assay.record.rows import Device, Metric, best_of_each
from assay.record.run import Artifact, Clock, Run, Series
from assay.store.drafts.contents import Contents
from assay.store.drafts.journal import Abandoned, Added, Anchor, Announced, Begun, Entry, Finished

_TABLES = ("ops", "steps", "energy", "quality", "expectations")
_KILLED = "the process that recorded it ended before the run was sealed"
MISSED_SEAL = "the run had ended, but the process that recorded it was gone before it was sealed"


@dataclass(frozen=True)
class Story:
    """A draft's journal, sorted by what it says."""

    begun: Begun
    added: tuple[Added, ...]
    announced: tuple[Announced, ...]
    finished: Finished | None
    abandoned: Abandoned | None

    def rows(self, table: str) -> tuple[Any, ...]:
        """All rows of one section, in the order they were added."""
        return tuple(row for entry in self.added for row in getattr(entry, table))

    def metrics(self) -> tuple[Metric, ...]:
        """Metrics, each once; of several that were added, the first that is a number."""
        return best_of_each(self.rows("metrics"))

    def devices(self) -> tuple[Device, ...]:
        """Devices by id; what was said last holds."""
        return tuple({device.id: device for device in self.rows("devices")}.values())


def tell(entries: Sequence[Entry]) -> Story | None:
    """The story in a journal; null where not even the beginning is there."""
    begun = next((entry for entry in entries if isinstance(entry, Begun)), None)
    if begun is None:
        return None
    return Story(
        begun=begun,
        added=tuple(entry for entry in entries if isinstance(entry, Added)),
        announced=tuple(entry for entry in entries if isinstance(entry, Announced)),
        finished=next((entry for entry in reversed(entries) if isinstance(entry, Finished)), None),
        abandoned=next((entry for entry in reversed(entries) if isinstance(entry, Abandoned)), None),
    )


def whole_run(story: Story, series: tuple[Series, ...], contents: Contents) -> Run:
    """The run of a draft that was finished."""
    if story.finished is None:
        raise ValueError("the draft was not finished")
    ending = story.finished
    fields = _fields(story, series, contents) | {
        "status": ending.status,
        "status_reason": ending.reason,
        "outcome": ending.outcome,
        "clock": ending.clock or _clock(story.begun.at, ending.at),
    }
    return Run(**fields)


def interrupted_run(story: Story, series: tuple[Series, ...], contents: Contents) -> Run:
    """The run of a draft whose owner is gone: what was recorded, never called complete."""
    ending = story.finished
    fields = _fields(story, series, contents)
    fields["devices"] += _undescribed_devices(fields)
    fields |= {
        "status": Status.INTERRUPTED,
        "status_reason": _reason(story),
        "outcome": ending.outcome if ending else Outcome(note="not known: the run was cut short"),
        "clock": (ending and ending.clock) or _clock(story.begun.at, _last_moment(story)),
    }
    return Run(**fields)


def _fields(story: Story, series: tuple[Series, ...], contents: Contents) -> dict[str, Any]:
    begun = story.begun
    fields: dict[str, Any] = {table: story.rows(table) for table in _TABLES}
    artifacts: tuple[Artifact, ...] = contents.artifacts
    return fields | {
        "id": begun.id,
        "created": begun.created,
        "plan": begun.plan,
        "environment": begun.environment,
        "software": begun.software,
        "position": begun.position,
        "metrics": story.metrics(),
        "devices": story.devices(),
        "quality": fields["quality"] + contents.flags,
        "series": series,
        "artifacts": artifacts,
        "fingerprints": fingerprint(begun.plan, begun.software, begun.environment, fields["steps"]),
    }


def _undescribed_devices(fields: dict[str, Any]) -> tuple[Device, ...]:
    """Stand-ins for devices that rows name and whose description did not get written any more."""
    known = {device.id for device in fields["devices"]}
    used = {row.device for table in ("ops", "steps", "energy", "metrics") for row in fields[table]}
    name = "not described before the interruption"
    return tuple(Device(id=device, kind=DeviceKind.OTHER, name=name) for device in sorted(used - known - {None}))


def _reason(story: Story) -> str:
    if story.abandoned is not None:
        return story.abandoned.reason
    return MISSED_SEAL if story.finished else _KILLED


def _last_moment(story: Story) -> Anchor:
    if story.finished or story.abandoned:
        return (story.finished or story.abandoned).at  # type: ignore[union-attr]
    start = story.begun.at
    last_ns = max((entry.at_ns for entry in story.added), default=start.monotonic_ns)
    passed_ns = max(0, last_ns - start.monotonic_ns)
    moved = {"monotonic_ns": start.monotonic_ns + passed_ns, "utc_ns": start.utc_ns + passed_ns}
    return Anchor(error_ns=start.error_ns, **moved)


def _clock(start: Anchor, end: Anchor) -> Clock:
    return Clock(
        source="CLOCK_MONOTONIC",
        start_ns=start.monotonic_ns,
        end_ns=max(end.monotonic_ns, start.monotonic_ns),
        start_utc_ns=start.utc_ns,
        end_utc_ns=end.utc_ns,
        anchor_error_ns=max(start.error_ns, end.error_ns),
    )
