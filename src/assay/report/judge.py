"""The second side against the first: only where both ran interleaved, and never more than the test supports."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.base import Missing, Quantity
from assay.record.documents.report import Answer, Compared
from assay.record.enums import Status
from assay.record.metrics import BY_NAME
from assay.record.run import Run
from assay.record.words.numbers import significant
from assay.report.figures import quantity_of
from assay.report.numbers import ratio_text, speed_text
from assay.stats.paired import PairedEffect, compare_pairs

CLAIM = "wall_s"
"""The metric whose difference is the question; it is named here, before anything is measured."""
DESCRIBED = ("cpu_s", "peak_rss_bytes")
_WORDS = {("wall_s", Answer.LOWER): "faster", ("wall_s", Answer.HIGHER): "slower"}


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


def _compared(metric: str, before: Sequence[Run], after: Sequence[Run]) -> Compared:
    pairs, reason = _pairs(metric, before, after)
    effect = compare_pairs([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    return _as_compared(metric, effect, reason)


def _as_compared(metric: str, effect: PairedEffect, obstacle: str) -> Compared:
    judged = not obstacle
    return Compared(
        metric=metric,
        unit=BY_NAME[metric].unit,
        claim=metric == CLAIM,
        blocks=effect.blocks,
        ratio=effect.ratio if judged else None,
        low=effect.low if judged else None,
        high=effect.high if judged else None,
        p_value=effect.p_value if judged else None,
        answer=Answer(effect.direction.value) if judged else Answer.INCONCLUSIVE,
        reason=effect.reason if judged else obstacle,
    )


def _pairs(metric: str, before: Sequence[Run], after: Sequence[Run]) -> tuple[list[tuple[float, float]], str]:
    """Values of both sides block by block, or why they can't be paired."""
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
        one, other = first[key], second[key]
        if isinstance(one, Missing):
            return [], f"not measured: {one.reason}"
        if isinstance(other, Missing):
            return [], f"not measured: {other.reason}"
        pairs.append((one.value, other.value))
    return pairs, ""


def _by_block(metric: str, runs: Sequence[Run]) -> dict[tuple[str | None, int | None], Quantity]:
    return {(run.position.session, run.position.block): quantity_of(run, metric) for run in runs}


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}." if clause else ""
