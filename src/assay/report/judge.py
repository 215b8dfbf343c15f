"""The second side against the first: only where both ran interleaved, and never more than the test supports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.record.base import Missing, Quantity
from assay.record.documents.report import Answer, Compared
from assay.record.enums import Status
from assay.record.metrics import BY_NAME
from assay.record.run import Run
from assay.record.words.numbers import significant
from assay.report.figures import quantity_of
from assay.report.numbers import ratio_text, speed_text
from assay.stats.comparison import (
    Claim,
    Direction,
    Judgement,
    Kind,
    Line,
    Measurements,
    Place,
    Question,
    Verdict,
    judge,
)
from assay.stats.comparison.design import FEWEST_BLOCKS

CLAIM = "wall_s"
"""The metric whose difference is the question; it is named here, before anything is measured."""
DESCRIBED = ("cpu_s", "peak_rss_bytes")
_WORDS = {("wall_s", Answer.LOWER): "faster", ("wall_s", Answer.HIGHER): "slower"}
_WHOLE = Place(kind=Kind.TOTAL)


def compare_sides(before: Sequence[Run], after: Sequence[Run]) -> tuple[Compared, ...]:
    """The claim, then the metrics that only describe."""
    return tuple(_compared(metric, before, after) for metric in (CLAIM, *DESCRIBED))


def headline_of(labels: tuple[str, str], compared: Sequence[Compared]) -> str:
    """The answer to the question that was asked beforehand, in one sentence."""
    claim = next(one for one in compared if one.claim)
    first, second = labels
    if claim.answer is Answer.INCONCLUSIVE or claim.ratio is None or claim.p_value is None:
        return f"Inconclusive: whether {second} is faster than {first} can't be said. {_sentence(claim.reason)}"
    word = _WORDS[CLAIM, claim.answer]
    return (
        f"{second} is {word} than {first}: {speed_text(claim.ratio)}; wall time {ratio_text(claim)}, "
        f"p = {significant(claim.p_value)} over {claim.blocks} randomised blocks."
    )


@dataclass(frozen=True, kw_only=True)
class _Ran:
    """One run of a side."""

    value: float
    start_ns: int


_Pair = tuple[_Ran, _Ran]


def _compared(metric: str, before: Sequence[Run], after: Sequence[Run]) -> Compared:
    pairs, obstacle = _pairs(metric, before, after)
    if obstacle:
        return _undecided(metric, 0, obstacle)
    if not all(ran.value > 0.0 for pair in pairs for ran in pair):
        return _undecided(metric, len(pairs), "a value is zero or negative, so that there is no ratio")
    found = _judged(pairs)
    return _as_compared(metric, len(pairs), found, found.named or found.line(_WHOLE))


def _judged(pairs: Sequence[_Pair]) -> Judgement:
    """The whole as one claim that was named before."""
    before, after = (
        Measurements(
            durations=np.array([ran.value for ran in side])[:, None, None],
            blocks=np.arange(len(side)),
            starts_ns=np.array([ran.start_ns for ran in side], dtype=np.int64),
        )
        for side in zip(*pairs, strict=True)
    )
    return judge(before, after, Question(claim=Claim(place=_WHOLE)))


def _as_compared(metric: str, blocks: int, found: Judgement, line: Line) -> Compared:
    effect = line.raw
    is_shown = line.p_value is not None and line.p_value <= found.level
    shown = Answer.LOWER if line.direction is Direction.LESS else Answer.HIGHER
    undecided = _undecided(metric, blocks, "" if is_shown else _why(blocks, found, line))
    if effect is None:
        return undecided
    low, high = effect.change_interval
    return Compared(
        metric=metric,
        unit=undecided.unit,
        claim=undecided.claim,
        blocks=blocks,
        ratio=1.0 + effect.change,
        low=1.0 + low,
        high=1.0 + high,
        p_value=line.p_value,
        answer=shown if is_shown else Answer.INCONCLUSIVE,
        reason=undecided.reason,
    )


def _why(blocks: int, found: Judgement, line: Line) -> str:
    """Why nothing is shown."""
    if blocks < FEWEST_BLOCKS:
        return f"{blocks} blocks can't decide at 5 %; at least {FEWEST_BLOCKS} are needed"
    if not found.design.sound:
        return found.design.reason
    if line.verdict is Verdict.EQUIVALENT:
        return "any difference is smaller than 1 %"
    if line.p_value is None:
        return line.reason
    return f"p = {line.p_value:.3g}: a difference this size arises by chance too often"


def _undecided(metric: str, blocks: int, reason: str) -> Compared:
    return Compared(
        metric=metric,
        unit=BY_NAME[metric].unit,
        claim=metric == CLAIM,
        blocks=blocks,
        ratio=None,
        low=None,
        high=None,
        p_value=None,
        answer=Answer.INCONCLUSIVE,
        reason=reason,
    )


def _pairs(metric: str, before: Sequence[Run], after: Sequence[Run]) -> tuple[list[_Pair], str]:
    """Both sides block by block, or why they can't be paired."""
    if any(run.status is not Status.COMPLETE for run in (*before, *after)):
        return [], "a run is not complete; what it measured is not the same work"
    if any(run.position.block is None or run.position.session is None for run in (*before, *after)):
        return [], "the sides were not interleaved in one sitting, so that drift of the machine can't be told apart"
    first, second = _by_block(metric, before), _by_block(metric, after)
    if any(len(runs) != len(side) for runs, side in ((before, first), (after, second))):
        return [], "a side has several runs in one block"
    if first.keys() != second.keys():
        return [], "the sides were not interleaved: their blocks are not the same"
    pairs = []
    for key in sorted(first, key=str):
        ran = [_ran(run, value) for run, value in (first[key], second[key]) if not isinstance(value, Missing)]
        if len(ran) < 2:
            return [], f"not measured: {_reason(first[key][1], second[key][1])}"
        pairs.append((ran[0], ran[1]))
    return sorted(pairs, key=lambda pair: min(one.start_ns for one in pair)), ""


def _by_block(metric: str, runs: Sequence[Run]) -> dict[tuple[str | None, int | None], tuple[Run, Quantity]]:
    return {(run.position.session, run.position.block): (run, quantity_of(run, metric)) for run in runs}


def _ran(run: Run, value: Quantity) -> _Ran:
    return _Ran(value=value.value or 0.0, start_ns=run.clock.start_utc_ns)


def _reason(*values: Quantity) -> str:
    return next(value.reason for value in values if isinstance(value, Missing))


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}." if clause else ""
