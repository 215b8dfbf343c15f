"""Time series of a stored run, thinned for a picture."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.documents.report import Curve
from assay.store import StoredRun

MOST_POINTS = 400


def memory_curve(run: StoredRun) -> Curve | None:
    """Resident memory over time, or None where it was not sampled."""
    table = run.samples().select(["time_ns", "name", "value"])
    samples = zip(*(column.to_pylist() for column in table.columns), strict=True)
    rows = sorted((time_ns, value) for time_ns, name, value in samples if name == "rss_bytes" and value is not None)
    if not rows:
        return None
    starts_ns = run.spans(["start_ns"], step="run").column("start_ns").to_pylist()
    start_ns = starts_ns[0] if starts_ns else run.record.clock.start_ns
    kept = thinned(rows, MOST_POINTS)
    return Curve(
        run=run.id,
        name="rss_bytes",
        unit="B",
        time_s=tuple((time_ns - start_ns) / 1e9 for time_ns, _ in kept),
        values=tuple(float(value) for _, value in kept),
    )


def thinned(rows: Sequence[tuple[int, float]], most: int) -> list[tuple[int, float]]:
    """At most ``most`` rows; of each stretch the highest is kept, so that no peak is lost."""
    if len(rows) <= most:
        return list(rows)
    stretch = -(-len(rows) // most)
    return [max(rows[i : i + stretch], key=lambda row: row[1]) for i in range(0, len(rows), stretch)]
