"""Did the change help? Design first, then one location, what is shared, the test, and a verdict for every line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assay.stats.comparison.answer import Answer, amount, empty_line, line_at, named_line
from assay.stats.comparison.court import Court, court
from assay.stats.comparison.design import examine
from assay.stats.comparison.judgement import Arrangement, Design, Judgement, Line, Verdict
from assay.stats.comparison.observation.common import FEWEST_OTHERS
from assay.stats.comparison.observation.lines import Lines, assemble
from assay.stats.comparison.observation.location import CENTRAL, LOW
from assay.stats.comparison.observation.observed import Located, candidates, located_sides, spread_moved, typical
from assay.stats.comparison.question import Kind, Measurements, Place, Question
from assay.stats.comparison.testing.settle import Settled, settle
from assay.stats.comparison.testing.tested import Tested


def judge(before: Measurements, after: Measurements, question: Question) -> Judgement:
    """Compare two sides."""
    design, replication = examine(before, after, despite_order=question.despite_order)
    if not design.sound:
        return _declined((before, after), question, design)
    options = candidates((located_sides(before), located_sides(after)), replication)
    answer = _tried(options, design, question)
    if _stands(answer, options, question):
        return answer
    return _tried([option for option in options if option.location in CENTRAL], design, question)


def _tried(options: list[Located], design: Design, question: Question) -> Judgement:
    held = court(options, question)
    settled = settle(held.located.observed, question.groups, held.test, held.level)
    confounded = design.arrangement in {Arrangement.SEQUENTIAL, Arrangement.UNKNOWN}
    answer = replace(_answer(held, settled.lines, settled.tested, settled), confounded=confounded)
    lines = [line_at(answer, column) for column in range(len(settled.lines.places))]
    cells, groups = len(settled.left_out), len(question.groups)
    return Judgement(
        design=design,
        location=held.located.location,
        cells=tuple(lines[:cells]),
        groups=tuple(lines[cells : cells + groups]),
        common=lines[-2] if cells >= FEWEST_OTHERS else None,
        total=lines[-1],
        named=_named(held, settled, confounded=confounded),
        loadings=tuple(float(loading) for loading in np.nan_to_num(settled.lines.loadings[:cells])),
        patterns=0 if held.patterns is None else len(held.patterns.signs),
        exact=held.patterns is not None and held.patterns.exact,
        level=held.level,
    )


def _stands(answer: Judgement, options: list[Located], question: Question) -> bool:
    """A low quantile also moves where only the spread does: then what it says has to hold in the middle as well."""
    if answer.location not in LOW:
        return True
    said = [line.place for line in answer.claims]
    if answer.named is not None and answer.named.verdict is not Verdict.INCONCLUSIVE:
        said.append(answer.named.place)
    return not spread_moved(options, answer.location, said, question.groups)


def _answer(held: Court, lines: Lines, tested: Tested, settled: Settled) -> Answer:
    whole = replace(lines, specific=np.full_like(lines.specific, np.nan))
    return Answer(
        question=held.question,
        located=held.located,
        lines=lines,
        judged=tested,
        raw=held.test(whole, held.level),
        groups=settled.groups,
        claimed=tuple(bool(claimed) for claimed in settled.claimed),
        level=held.level,
        confounded=False,
    )


def _named(held: Court, settled: Settled, *, confounded: bool) -> Line | None:
    """The claimed place with all its cells, against what the unchanged others share."""
    claim = held.question.claim
    if claim is None:
        return None
    lines = assemble(held.located.observed, held.question.groups, settled.left_out)
    tested = held.test(lines, held.level_alone)
    answer = _answer(held, lines, tested, replace(settled, groups=held.question.groups))
    return named_line(replace(answer, level=held.level_alone, confounded=confounded), lines.places.index(claim.place))


def _declined(sides: tuple[Measurements, Measurements], question: Question, design: Design) -> Judgement:
    """What was measured is shown, and nothing is said of it."""
    before, after = (typical(side) for side in sides)

    def line(place: Place) -> Line:
        sizes = (amount(side, place, question.groups) for side in (before, after))
        return empty_line(place, design.reason, before=next(sizes), after=next(sizes))

    return Judgement(
        design=design,
        location=None,
        cells=tuple(line(Place(kind=Kind.CELL, index=cell)) for cell in range(len(before) - 1)),
        groups=tuple(line(Place(kind=Kind.GROUP, index=group)) for group in range(len(question.groups))),
        common=None,
        total=line(Place(kind=Kind.TOTAL)),
        named=None if question.claim is None else line(question.claim.place),
        loadings=(),
        patterns=0,
        exact=False,
        level=question.alpha,
    )
