"""Did the change help? Design first, then one location, what is shared, the test, and a verdict for every line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assay.stats.comparison.answer import Answer, empty_line, line_at, named_line
from assay.stats.comparison.design import examine
from assay.stats.comparison.judgement import Design, Judgement, Line
from assay.stats.comparison.looks import level_now
from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines, assemble
from assay.stats.comparison.observation.observed import Located, candidates, chosen, located_sides
from assay.stats.comparison.question import Kind, Measurements, Place, Question
from assay.stats.comparison.testing.settle import Settled, settle
from assay.stats.comparison.testing.signflip import Patterns, by_signs, patterns
from assay.stats.comparison.testing.tested import Tested
from assay.stats.comparison.testing.welch import by_welch


def judge(before: Measurements, after: Measurements, question: Question) -> Judgement:
    """Compare two sides."""
    design, replication = examine(before, after, despite_order=question.despite_order)
    if not design.sound:
        return _declined(before, question, design)
    located = chosen(candidates((located_sides(before), located_sides(after)), replication))
    court = _Court(located=located, question=question, patterns=_patterns(located, question))
    settled = settle(located.observed, question.groups, court.test, court.level)
    return _judgement(court, settled, design)


@dataclass(frozen=True, kw_only=True)
class _Court:
    """What every test of one comparison has in common."""

    located: Located
    question: Question
    patterns: Patterns | None
    """None without blocks."""

    @property
    def level(self) -> float:
        return level_now(self.question.alpha, self.question.looks)

    def test(self, lines: Lines) -> Tested:
        """All lines, by the design's test."""
        tied = self._tied(lines)
        after = self.located.observed.after
        if after is not None or self.patterns is None:
            return by_welch(lines, tied, np.zeros(0, np.bool_) if after is None else after, self.level)
        return by_signs(lines, tied, self.patterns, self.level)

    def _tied(self, lines: Lines) -> Mask:
        """Lines all of whose cells are exactly alike on both sides."""
        cells = self.located.tied[:-1]
        tied = [
            cells[place.index]
            if place.kind is Kind.CELL
            else place.kind is Kind.GROUP and cells[list(self.question.groups[place.index])].all()
            for place in lines.places
        ]
        tied[-2:] = [bool(cells.all()), bool(self.located.tied[-1])]
        return np.array(tied, np.bool_)


def _patterns(located: Located, question: Question) -> Patterns | None:
    return patterns(len(located.observed.cells), question.seed) if located.observed.after is None else None


def _judgement(court: _Court, settled: Settled, design: Design) -> Judgement:
    answer = _answer(court, settled.lines, settled.tested, settled)
    lines = [line_at(answer, column) for column in range(len(settled.lines.places))]
    cells, groups = len(settled.left_out), len(court.question.groups)
    loadings = np.nan_to_num(settled.lines.loadings[:cells])
    has_common = lines[-2].raw is not None
    return Judgement(
        design=design,
        location=court.located.location,
        cells=tuple(lines[:cells]),
        groups=tuple(lines[cells : cells + groups]),
        common=lines[-2] if has_common else None,
        total=lines[-1],
        named=_named(court, settled),
        loadings=tuple(float(loading) for loading in loadings),
        patterns=0 if court.patterns is None else len(court.patterns.signs),
        exact=court.patterns is not None and court.patterns.exact,
        level=court.level,
    )


def _answer(court: _Court, lines: Lines, tested: Tested, settled: Settled) -> Answer:
    whole = replace(lines, specific=np.full_like(lines.specific, np.nan))
    return Answer(
        question=court.question,
        located=court.located,
        lines=lines,
        judged=tested,
        raw=court.test(whole),
        groups=settled.groups,
        claimed=tuple(bool(claimed) for claimed in settled.claimed),
        level=court.level,
    )


def _named(court: _Court, settled: Settled) -> Line | None:
    """The claimed place with all its cells, against what the unchanged others share."""
    claim = court.question.claim
    if claim is None:
        return None
    lines = assemble(court.located.observed, court.question.groups, settled.left_out)
    answer = _answer(court, lines, court.test(lines), replace(settled, groups=court.question.groups))
    return named_line(answer, lines.places.index(claim.place))


def _declined(before: Measurements, question: Question, design: Design) -> Judgement:
    cells = (Place(kind=Kind.CELL, index=cell) for cell in range(before.durations.shape[1]))
    groups = (Place(kind=Kind.GROUP, index=group) for group in range(len(question.groups)))
    named = None if question.claim is None else empty_line(question.claim.place, design.reason)
    return Judgement(
        design=design,
        location=None,
        cells=tuple(empty_line(place, design.reason) for place in cells),
        groups=tuple(empty_line(place, design.reason) for place in groups),
        common=None,
        total=empty_line(Place(kind=Kind.TOTAL), design.reason),
        named=named,
        loadings=(),
        patterns=0,
        exact=False,
        level=question.alpha,
    )
