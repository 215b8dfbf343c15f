"""Two sets of runs and a question become a comparison; nothing is measured and nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.compare.answer import Answered, as_comparison
from assay.compare.asked import EXACT, Asked, better
from assay.compare.kind import choose
from assay.compare.observed import Floats, Observed
from assay.compare.sides.comparable import FACTS, obstacles, unfit
from assay.compare.sides.differs import differs, notes, steadier
from assay.compare.sides.expected import expectations_of
from assay.compare.structure.align import align
from assay.compare.table.arrays import arrays
from assay.compare.table.claims import read_claim
from assay.compare.table.exact import exact_counts
from assay.compare.table.judging import Stated, judged
from assay.compare.table.shift import cost_shifts
from assay.errors import UsageError
from assay.record.base import Record
from assay.record.documents.comparison import ComparedSide, Comparison
from assay.record.run import Expectation, Run
from assay.settings import closest
from assay.store import StoredRun


def compare(before: Sequence[StoredRun], after: Sequence[StoredRun], asked: Asked) -> Comparison:
    """Judge ``after`` against ``before``. What can't be compared or decided is an answer too, with its reason."""
    _check(before, after, asked)
    sides = [sorted(runs, key=lambda run: (run.record.clock.start_utc_ns, run.id)) for runs in (before, after)]
    records = [[run.record for run in runs] for runs in sides]
    answered = Answered(
        asked=asked,
        baseline=_side(records[0]),
        candidate=_side(records[1]),
        words=(records[0][0].plan.target.argv, records[1][0].plan.target.argv),
        obstacles=obstacles(records[0], records[1], asked.across),
        differs=differs(*records),
        notes=(*notes(*records), *steadier(records[0], records[1], asked.metric)),
    )
    unusable = [reason for run in (*records[0], *records[1]) if (reason := unfit(run))]
    if answered.obstacles or unusable:
        return as_comparison(answered, reason=unusable[0] if unusable else "")
    return _compared(sides, asked, answered)


def _compared(sides: Sequence[Sequence[StoredRun]], asked: Asked, answered: Answered) -> Comparison:
    kind = choose(asked.by, sides, asked.metric)
    before, after = (kind.read(runs, asked.metric) for runs in sides)
    source = Source(name=kind.name, unit=kind.metrics(asked.metric), least_share=kind.least_share)
    totals = _totals(sides, asked.metric) if kind.is_part else None
    expected = expectations_of([run.record for run in sides[1]])
    return judged_sides(answered, source, (before, after), totals, _stated(asked, expected))


class Source(Record, kw_only=True):
    """Where the numbers of a comparison come from."""

    name: str
    unit: str
    least_share: float = 0.0


def judged_sides(
    answered: Answered,
    source: Source,
    sides: tuple[Observed, Observed],
    totals: tuple[Floats, Floats] | None,
    stated: Sequence[Stated],
) -> Comparison:
    """The comparison of two sides that were read, whatever they were read from."""
    asked = answered.asked
    pairs = align(sides[0].profile, sides[1].profile)
    answered = answered.with_evidence(source.name, source.unit, pairs, sides)
    if asked.metric in EXACT:
        counts = exact_counts(*sides, pairs, better(asked.metric))
        if counts is not None:
            return as_comparison(answered, exact=counts)
    table = arrays(*sides, pairs, totals=totals, least_share=source.least_share)
    if not table.cells:
        return as_comparison(answered, reason="the sides have no cell in common that can be judged")
    found = judged(table, asked, stated)
    shifts = cost_shifts(found.all_of(found.table.cells), *sides)
    return as_comparison(answered, judged=found, shifts=shifts)


def _totals(sides: Sequence[Sequence[StoredRun]], metric: str) -> tuple[Floats, Floats] | None:
    """The run's own number for each unit, of which the cells are only a part."""
    numbers = [[_whole(run.record, metric) for run in runs] for runs in sides]
    if any(value is None for side in numbers for value in side):
        return None
    first, second = (np.array(side, dtype=np.float64)[:, None] for side in numbers)
    return first, second


def _whole(run: Run, metric: str) -> float | None:
    found = [one.value.value for one in run.metrics if one.name == metric and one.device is None]
    return found[0] if found else None


def _side(runs: Sequence[Run]) -> ComparedSide:
    target = runs[0].plan.target
    name = runs[0].position.build or target.name
    return ComparedSide(name=name, command=" ".join(target.argv), runs=tuple(run.id for run in runs), units=len(runs))


def _stated(asked: Asked, expected: Sequence[Expectation]) -> list[Stated]:
    """Claims of the question, and those that stand in the candidate's records; those about other metrics are left."""
    found = {
        claim.text: Stated(claim=claim, named_before=asked.claimed_before) for claim in map(read_claim, asked.claims)
    }
    for one in expected:
        claim = read_claim(one.claim)
        found[claim.text] = Stated(claim=claim, named_before=True, stated_utc_ns=one.stated_utc_ns, sha256=one.sha256)
    return [one for one in found.values() if (one.claim.metric or asked.metric) == asked.metric]


def _check(before: Sequence[StoredRun], after: Sequence[StoredRun], asked: Asked) -> None:
    """Refuse a question that can't be asked."""
    for runs, name in ((before, "baseline"), (after, "candidate")):
        if not runs:
            raise UsageError(f"there are no runs of the {name}", where="compare", remedy="see `assay runs list`")
    both = {run.id for run in before} & {run.id for run in after}
    if both:
        raise UsageError("a run stands on both sides", where=min(both), remedy="name two different sets of runs")
    names = [fact.name for fact in FACTS]
    for word in sorted(asked.across - set(names)):
        near = closest(word, names)
        remedy = f"did you mean {near!r}?" if near else f"facts are: {', '.join(names)}"
        raise UsageError(f"there is no fact {word!r}", where="--across", remedy=remedy)
    for claim in asked.claims:
        read_claim(claim)
