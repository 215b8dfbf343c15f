"""The comparison as one document: the verdict that leads, its sentence, and everything behind it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from assay.compare.asked import Asked, better
from assay.compare.observed import Observed
from assay.compare.structure.align import Alignment
from assay.compare.structure.cell import label_of
from assay.compare.table.judging import Judged
from assay.compare.verdict import Decided, decide
from assay.compare.words import advice
from assay.record.base import Record
from assay.record.documents.comparison import (
    ComparedDesign,
    ComparedSide,
    Comparison,
    CostShift,
    ExactCount,
    Obstacle,
)

_NOTHING = Alignment(pairs=(), only_before=(), only_after=())


class Answered(Record, kw_only=True):
    """What is known before anything is tested."""

    asked: Asked
    baseline: ComparedSide
    candidate: ComparedSide
    words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    """Command lines of both sides; empty where there are none."""
    obstacles: tuple[Obstacle, ...] = ()
    differs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by: str = ""
    unit: str = ""
    pairs: Alignment = _NOTHING
    units: tuple[int, int] = (0, 0)

    def with_evidence(self, by: str, unit: str, pairs: Alignment, sides: tuple[Observed, Observed]) -> Answered:
        """The same, with what was read from the runs."""
        units = len(sides[0].units), len(sides[1].units)
        return structs.replace(self, by=by, unit=unit, pairs=pairs, units=units, notes=(*self.notes, *pairs.notes))


def as_comparison(
    answered: Answered,
    *,
    reason: str = "",
    exact: Sequence[ExactCount] = (),
    judged: Judged | None = None,
    shifts: tuple[CostShift, ...] = (),
) -> Comparison:
    """The document; ``reason`` is why nothing was tested, where nothing was."""
    asked = answered.asked
    made = Comparison(
        verdict=Decided().verdict,
        headline="",
        metric=asked.metric,
        unit=answered.unit,
        better=better(asked.metric).value,
        by=answered.by or asked.by or "none",
        location="",
        alpha=asked.alpha,
        margin=asked.margin,
        seed=asked.seed,
        baseline=_counted(answered.baseline, answered.units[0]),
        candidate=_counted(answered.candidate, answered.units[1]),
        obstacles=answered.obstacles,
        exact=tuple(exact),
        only_before=answered.pairs.only_before,
        only_after=answered.pairs.only_after,
        shifts=shifts,
        differs=answered.differs,
        notes=answered.notes,
    )
    if judged is not None:
        made = _with_table(made, judged, asked)
    decided = decide(made, reason)
    made = structs.replace(made, verdict=decided.verdict, headline=decided.headline)
    return structs.replace(made, next_steps=tuple(advice(made, answered.words)))


def _with_table(made: Comparison, judged: Judged, asked: Asked) -> Comparison:
    table = judged.table
    rare = tuple(
        f"{label_of(cell)} is not judged: too few units have it, or it is too small" for cell in judged.arrays.rare
    )
    is_alone = len(judged.arrays.cells) == 1 and judged.arrays.before.totals is None
    cells = () if is_alone else judged.all_of(table.cells)
    return structs.replace(
        made,
        location="" if table.location is None else table.location.value,
        design=_design(judged, asked),
        claims=judged.claims,
        total=None if table.total is None else judged.line(table.total),
        common=None if table.common is None else judged.line(table.common),
        groups=judged.all_of(table.groups),
        cells=cells,
        notes=(*made.notes, *_few(rare)),
    )


def _few(rare: tuple[str, ...], most: int = 3) -> tuple[str, ...]:
    more = len(rare) - most
    return (*rare[:most], f"nor are {more} more cells") if more > 0 else rare


def _design(judged: Judged, asked: Asked) -> ComparedDesign:
    design = judged.table.design
    return ComparedDesign(
        arrangement=design.arrangement.value,
        sound=design.sound,
        reason=design.reason,
        caveats=design.caveats,
        unit=design.unit,
        blocks=design.blocks,
        needed=design.units_needed,
        looks=() if asked.looks is None else asked.looks.at,
    )


def _counted(side: ComparedSide, units: int) -> ComparedSide:
    return structs.replace(side, units=units) if units else side
