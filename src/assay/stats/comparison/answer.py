"""The lines of an answer, put together from what the tests say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison import power, verdict
from assay.stats.comparison.arithmetic import student_quantile
from assay.stats.comparison.judgement import Effect, Line, Verdict
from assay.stats.comparison.observation.lines import Lines
from assay.stats.comparison.observation.observed import Located
from assay.stats.comparison.question import Kind, Place, Question, Values
from assay.stats.comparison.testing.alike import hold_alike
from assay.stats.comparison.testing.settle import Groups
from assay.stats.comparison.testing.tested import Tested

_CONFOUNDED = "the sides ran one after the other, or nobody knows when: what all cells share can't be told from drift"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everything that a line is written from."""

    question: Question
    located: Located
    lines: Lines
    judged: Tested
    """With what is shared removed, where that was possible."""
    raw: Tested
    groups: Groups
    """The cells that are left in each group."""
    claimed: tuple[bool, ...]
    level: float
    confounded: bool
    """The sides did not share their time: what is not specific can't be told from drift."""


def line_at(answer: Answer, column: int) -> Line:
    """The table's line in this column."""
    tested, question = answer.judged, answer.question
    effect = _effect(tested, column)
    if effect is None or _confounded(answer, column):
        return _untested(answer, column)
    shown = answer.claimed[column]
    narrow = float(tested.low_narrow[column]), float(tested.high_narrow[column])
    words = verdict.of_table(effect, narrow, question.margin, shown=shown)
    if words[0] is Verdict.EQUIVALENT and _all_moved(answer, column):
        words = Verdict.INCONCLUSIVE, "its own part did not change, but what all share did: see the common mode"
    return _line(answer, column, words, float(tested.critical[column]), named=False)


def named_line(answer: Answer, column: int) -> Line:
    """The same place as a claim named before: one test, not corrected."""
    tested, question = answer.judged, answer.question
    effect = _effect(tested, column)
    if effect is None or question.claim is None or _confounded(answer, column):
        return _untested(answer, column)
    alone = student_quantile(1.0 - question.alpha / 2.0, tested.freedom)
    holds = bool(hold_alike(answer.lines, tested, alone)[column])
    shown = float(tested.p_value[column]) <= answer.level and holds
    narrow = float(tested.low_narrow[column]), float(tested.high_narrow[column])
    words = verdict.of_claim(question.claim, effect, narrow, question.margin, shown=shown)
    return _line(answer, column, words, float(alone[column]), named=True)


def _line(answer: Answer, column: int, words: verdict.Words, critical: float, *, named: bool) -> Line:
    tested, question, place = answer.judged, answer.question, answer.lines.places[column]
    specific = not np.isnan(answer.lines.specific[:, column]).all()
    change = (question.claim.change if named and question.claim else 0.0) or question.margin
    needed = power.needed(tested, column, critical, question.power, change)
    further = None if needed is None else max(needed - int(tested.observations[column]), 0)
    before, after = _typical(answer, place)
    return Line(
        place=place,
        before=before,
        after=after,
        raw=_effect(answer.raw, column),
        specific=_effect(tested, column) if specific else None,
        p_value=float(tested.p_value[column]),
        p_adjusted=None if named else float(tested.p_adjusted[column]),
        verdict=words[0],
        reason=words[1],
        detectable=power.detectable(tested, column, critical, question.power),
        blocks_needed=needed,
        further_blocks=0 if words[0] is not Verdict.INCONCLUSIVE else further,
        without=_without(answer, place),
    )


def _untested(answer: Answer, column: int) -> Line:
    place = answer.lines.places[column]
    before, after = _typical(answer, place)
    reason = _CONFOUNDED if _confounded(answer, column) else _why_untested(answer, place)
    return empty_line(place, reason, before=before, after=after, without=_without(answer, place))


def empty_line(
    place: Place,
    reason: str,
    *,
    before: float | None = None,
    after: float | None = None,
    without: tuple[int, ...] = (),
) -> Line:
    """A line about which nothing can be said."""
    return Line(
        place=place,
        before=before,
        after=after,
        raw=None,
        specific=None,
        p_value=None,
        p_adjusted=None,
        verdict=Verdict.INCONCLUSIVE,
        reason=reason,
        detectable=None,
        blocks_needed=None,
        further_blocks=None,
        without=without,
    )


def _confounded(answer: Answer, column: int) -> bool:
    return answer.confounded and bool(np.isnan(answer.lines.specific[:, column]).all())


def _why_untested(answer: Answer, place: Place) -> str:
    if place.kind is Kind.GROUP and not answer.groups[place.index]:
        return "all its cells are claimed themselves"
    before, after = _typical(answer, place)
    if max(before or 0.0, after or 0.0) < answer.question.resolution:
        return "shorter than a step of the clock"
    if place.kind is Kind.CELL and answer.located.tied[place.index]:
        return "both sides are exactly alike in every observation: the clock is too coarse, or it is a counter"
    return "measured in too few units of both sides"


def _effect(tested: Tested, column: int) -> Effect | None:
    estimate, error = float(tested.estimate[column]), float(tested.error[column])
    if not (math.isfinite(estimate) and math.isfinite(error)):
        return None
    reach = float(tested.critical[column]) * error
    return Effect(
        log_ratio=estimate,
        low=float(tested.low[column]),
        high=float(tested.high[column]),
        low_together=estimate - reach,
        high_together=estimate + reach,
    )


def _all_moved(answer: Answer, column: int) -> bool:
    """What all share moved out of the margin, and this line's own part does not tell of it."""
    if np.isnan(answer.lines.specific[:, column]).all():
        return False
    common = len(answer.lines.places) - 2
    moved = abs(float(answer.judged.estimate[common])) > math.log1p(answer.question.margin)
    return answer.claimed[common] and moved


def _typical(answer: Answer, place: Place) -> tuple[float | None, float | None]:
    groups, located = answer.question.groups, answer.located
    return amount(located.before, place, groups), amount(located.after, place, groups)


def amount(typical: Values, place: Place, groups: Groups) -> float | None:
    """A line's typical value from those of the cells, the total last."""
    if place.kind is Kind.COMMON:
        return None
    if place.kind is Kind.TOTAL:
        value = float(typical[-1])
    else:
        cells = (place.index,) if place.kind is Kind.CELL else groups[place.index]
        value = float(typical[list(cells)].sum())
    return value if math.isfinite(value) else None


def _without(answer: Answer, place: Place) -> tuple[int, ...]:
    if place.kind is not Kind.GROUP:
        return ()
    left = set(answer.groups[place.index])
    return tuple(cell for cell in answer.question.groups[place.index] if cell not in left)
