"""The diagnosis as rows of the table of metrics."""

from __future__ import annotations

from collections.abc import Iterator

from assay.record.diagnosis.findings import Finding, Findings
from assay.record.diagnosis.words import place_text
from assay.record.documents.report import View

Row = tuple[str | float | None, ...]


def cause_rows(view: View) -> Iterator[Row]:
    """A row per clock, in seconds of wall time, and one per cause, as its largest possible gain."""
    if view.diagnosis is None:
        return
    side = view.sides[0]
    for row in _rows(view.diagnosis):
        yield (side.label, side.name, *row)


def _rows(found: Findings) -> Iterator[Row]:
    for one in found.clocks:
        yield (f"clock.{one.clock.value}", None, "", "s", 1, one.seconds, None, None, "derived", "threads", "")
    for kind, findings in (("cause", found.findings), ("note", found.notes), ("doubt", found.trust)):
        for finding in findings:
            yield (f"{kind}.{finding.pattern}", None, "", "1", 1, *_gain(finding), *_origin(finding))


def _gain(finding: Finding) -> tuple[float | None, ...]:
    gain = finding.gain
    return (None, None, None) if gain is None else (gain.share, gain.low, gain.high)


def _origin(finding: Finding) -> tuple[str, ...]:
    return "derived", place_text(finding.location), finding.observation
