"""Lines of the statistics as lines of the document: relative changes, differences in units, names for people."""

from __future__ import annotations

import math
from typing import Literal

from assay.compare.structure.cell import label_of
from assay.compare.table.arrays import Arrays
from assay.record.base import Record
from assay.record.documents.comparison import Cell, ComparedLine, Estimate, Outcome
from assay.stats.comparison.judgement import Effect, Line
from assay.stats.comparison.question import Kind

_LARGEST = 50.0
_LABELS = {Kind.TOTAL: "total", Kind.COMMON: "common to all"}


class Naming(Record, kw_only=True):
    """How lines are called."""

    groups: tuple[Cell, ...]
    """What each group has in common."""
    total: str = "total"
    """Name of the whole."""


def as_line(line: Line, arrays: Arrays, naming: Naming) -> ComparedLine:
    """One line of the document."""
    cell, counterpart = _cells(line, arrays, naming)
    raw, specific = _estimate(line.raw), _estimate(line.specific)
    judged = specific or raw
    scale = line.before if judged is not None else None
    return ComparedLine(
        kind=_kind(line),
        label=naming.total if line.place.kind is Kind.TOTAL else _LABELS.get(line.place.kind) or _label(cell),
        cell=cell,
        counterpart=counterpart,
        before=line.before,
        after=line.after,
        raw=raw,
        specific=specific,
        difference=None if scale is None or judged is None else scale * judged.change,
        difference_low=None if scale is None or judged is None else scale * judged.low,
        difference_high=None if scale is None or judged is None else scale * judged.high,
        p_value=line.p_value,
        p_adjusted=line.p_adjusted,
        verdict=Outcome(line.verdict.value),
        direction=_direction(judged),
        reason=line.reason,
        detectable=line.detectable,
        further_blocks=line.further_blocks,
    )


def _kind(line: Line) -> Literal["cell", "group", "common", "total"]:
    kinds: dict[Kind, Literal["cell", "group", "common", "total"]] = {
        Kind.CELL: "cell",
        Kind.GROUP: "group",
        Kind.COMMON: "common",
        Kind.TOTAL: "total",
    }
    return kinds[line.place.kind]


def _cells(line: Line, arrays: Arrays, naming: Naming) -> tuple[Cell | None, Cell | None]:
    if line.place.kind is Kind.GROUP:
        return naming.groups[line.place.index], None
    if line.place.kind is not Kind.CELL:
        return None, None
    cell, other = arrays.cells[line.place.index], arrays.counterparts[line.place.index]
    return cell, None if other == cell else other


def _label(cell: Cell | None) -> str:
    return "" if cell is None else label_of(cell)


def _estimate(effect: Effect | None) -> Estimate | None:
    if effect is None:
        return None
    logs = (effect.log_ratio, effect.low, effect.high, effect.low_together, effect.high_together)
    change, low, high, low_together, high_together = map(_change, logs)
    return Estimate(change=change, low=low, high=high, low_together=low_together, high_together=high_together)


def _change(log_ratio: float) -> float:
    """Relative change, so large an interval as never to be infinite in a document."""
    return math.expm1(min(log_ratio, _LARGEST))


def _direction(judged: Estimate | None) -> Literal["less", "more", "same"]:
    if judged is None or judged.change == 0.0:
        return "same"
    return "less" if judged.change < 0.0 else "more"
