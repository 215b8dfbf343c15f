"""One way to test all lines of a comparison: by signs or by sides, and at which level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assay.stats.comparison.looks import level_by_parts, level_by_patterns
from assay.stats.comparison.observation.common import Mask
from assay.stats.comparison.observation.lines import Lines, Observed, assemble
from assay.stats.comparison.observation.observed import Located, beginning, chosen
from assay.stats.comparison.question import Kind, Looks, Question, Values
from assay.stats.comparison.testing.signflip import Patterns, by_signs, line_statistics, patterns
from assay.stats.comparison.testing.tested import Tested
from assay.stats.comparison.testing.welch import by_welch


@dataclass(frozen=True, kw_only=True)
class Court:
    """What every test of one comparison has in common."""

    located: Located
    question: Question
    patterns: Patterns | None
    """None without blocks."""
    level: float
    """Of the table's corrected p values."""
    level_alone: float
    """Of the claim named before."""

    def test(self, lines: Lines, level: float) -> Tested:
        """All lines, by the design's test."""
        tied, after = self.tied(lines), self.located.observed.after
        if after is None and self.patterns is not None:
            return by_signs(lines, tied, self.patterns, level)
        sides = np.zeros(len(lines.raw), np.bool_) if after is None else after
        return by_welch(lines, tied, sides, level, self.question.seed)

    def tied(self, lines: Lines) -> Mask:
        """Lines all of whose cells are exactly alike on both sides, or shorter than a step of the clock."""
        typical = np.fmax(self.located.before, self.located.after)[:-1]
        cells = self.located.tied[:-1] | (typical < self.question.resolution)
        tied = [
            cells[place.index]
            if place.kind is Kind.CELL
            else place.kind is Kind.GROUP and cells[list(self.question.groups[place.index])].all()
            for place in lines.places
        ]
        tied[-2:] = [bool(cells.all()), bool(self.located.tied[-1])]
        return np.array(tied, np.bool_)


def court(options: list[Located], question: Question) -> Court:
    """The court for these observations, under the location that serves them best."""
    located = chosen(options)
    looks = question.looks if question.looks is not None and question.looks.at else None
    if located.observed.after is not None:
        level = question.alpha if looks is None else level_by_parts(looks, question.alpha)
        return Court(located=located, question=question, patterns=None, level=level, level_alone=level)
    blocks = len(located.observed.cells)
    if looks is None:
        alpha, every = question.alpha, patterns(blocks, question.seed)
        return Court(located=located, question=question, patterns=every, level=alpha, level_alone=alpha)
    drawn = patterns(max(looks.most, blocks), question.seed, all_up_to=0)
    start = Court(located=located, question=question, patterns=drawn, level=0.0, level_alone=0.0)
    level, alone = _levels(start, options, looks)
    now = replace(drawn, signs=drawn.signs[:, :blocks])
    return replace(start, patterns=now, level=level, level_alone=alone)


def _levels(start: Court, options: list[Located], looks: Looks) -> tuple[float, float]:
    """What the last look may spend in the table, and for the claim named before."""
    table, alone, question = [], [], start.question
    for at in looks.at:
        statistics = _statistics_at(start, chosen([beginning(option, at) for option in options]).observed)
        table.append(statistics.max(axis=1))
        alone.append(statistics[:, _column(question)])
    level = level_by_patterns(table, looks, question.alpha)
    return level, level_by_patterns(alone, looks, question.alpha)


def _statistics_at(start: Court, observed: Observed) -> Values:
    lines = assemble(observed, start.question.groups, np.zeros(observed.cells.shape[1], np.bool_))
    signs = np.zeros((0, 0)) if start.patterns is None else start.patterns.signs[:, : len(observed.cells)]
    return line_statistics(lines, start.tied(lines), signs)


def _column(question: Question) -> int:
    """Where the claimed place stands among the lines; the first line where nothing is claimed."""
    if question.claim is None:
        return 0
    place = question.claim.place
    first = {Kind.CELL: 0, Kind.GROUP: -len(question.groups) - 2, Kind.COMMON: -2, Kind.TOTAL: -1}[place.kind]
    return first + place.index
