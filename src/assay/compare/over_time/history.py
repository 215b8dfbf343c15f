"""A series of comparable runs becomes a history: each cell's numbers, and where their level moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.compare.asked import better, metric_named
from assay.compare.kind import choose
from assay.compare.observed import Observed
from assay.compare.sides.comparable import obstacles, unfit
from assay.compare.structure.cell import label_of
from assay.compare.words import metric_text, percent_text
from assay.record.documents.comparison import Cell
from assay.record.documents.history import History, HistoryChange, HistoryRun, HistorySeries
from assay.record.metrics import Better
from assay.record.run import Run
from assay.stats.changes import LEVEL, change_points
from assay.store import StoredRun

FEWEST_RUNS = 6
_MOST_CELLS = 500


def same_configuration(runs: Sequence[StoredRun], reference: Run) -> list[StoredRun]:
    """Complete runs of the same target under the same conditions, oldest first."""
    found = [run for run in runs if _belongs(run.record, reference)]
    return sorted(found, key=lambda run: (run.record.clock.start_utc_ns, run.id))


def history_of(runs: Sequence[StoredRun], metric: str, by: str, left_out: int) -> History:
    """How the metric went over the runs."""
    name = metric_named(metric)
    kind = choose(by, [runs], name)
    seen = kind.read(runs, name)
    series = _series(seen, name)
    return History(
        headline=_headline(series, runs, name),
        metric=name,
        unit=kind.metrics(name),
        better=better(name).value,
        by=kind.name,
        runs=tuple(HistoryRun(id=run.id, created=run.record.created, revision=_revision(run.record)) for run in runs),
        left_out=left_out,
        series=series,
    )


def _belongs(run: Run, reference: Run) -> bool:
    target, wanted = run.plan.target, reference.plan.target
    same = (target.name, target.argv, target.precision, run.plan.workload.name) == (
        wanted.name,
        wanted.argv,
        wanted.precision,
        reference.plan.workload.name,
    )
    return same and not unfit(run) and not obstacles([reference], [run], frozenset())


def _revision(run: Run) -> str:
    return run.position.build or (run.environment.git.commit or "")[:12]


def _series(seen: Observed, metric: str) -> tuple[HistorySeries, ...]:
    """Every cell, those that are flagged first; the level of the test is shared by all cells."""
    cells = list(seen.profile)[:_MOST_CELLS]
    level = LEVEL / max(1, len(cells)) if len(cells) > 1 else LEVEL
    made = [_one(seen, cell, metric, max(level, 0.001)) for cell in cells]
    return tuple(sorted(made, key=lambda one: (not one.flagged, not one.changes)))


def _one(seen: Observed, cell: Cell, metric: str, level: float) -> HistorySeries:
    values = [_middle(one.values.get(cell)) for one in seen.units]
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    points = change_points([value for _, value in known], level=level)
    changes = tuple(
        HistoryChange(
            index=known[point.index][0],
            run=seen.units[known[point.index][0]].unit.run,
            before=point.before,
            after=point.after,
            change=point.after / point.before - 1.0 if point.before else 0.0,
            p_value=point.p_value,
            worse=_is_worse(point.after - point.before, metric),
        )
        for point in points
    )
    flagged = bool(changes) and changes[-1].worse
    return HistorySeries(label=label_of(cell), cell=cell, values=tuple(values), changes=changes, flagged=flagged)


def _middle(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None) -> float | None:
    if values is None or not np.isfinite(values).any():
        return None
    return float(np.nanmedian(values))


def _is_worse(difference: float, metric: str) -> bool:
    way = better(metric)
    return difference != 0.0 and (way is Better.NEITHER or (difference > 0.0) is (way is Better.LOWER))


def _headline(series: Sequence[HistorySeries], runs: Sequence[StoredRun], metric: str) -> str:
    words = metric_text(metric)
    if len(runs) < FEWEST_RUNS:
        return f"{len(runs)} runs of this configuration; a change of level needs at least {FEWEST_RUNS}."
    flagged = [one for one in series if one.flagged]
    if flagged:
        last = flagged[0].changes[-1]
        size = percent_text(last.change)
        more = f", and {len(flagged) - 1} more cells" if len(flagged) > 1 else ""
        return f"The level of {words} moved {size} in {flagged[0].label} with run {last.run}{more}."
    moved = sum(bool(one.changes) for one in series)
    if moved:
        return f"{words.capitalize()} moved in {moved} of {len(series)} cells, and is now no worse than before."
    return f"No change of level in {words} over {len(runs)} runs."
