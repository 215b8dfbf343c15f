"""From numbers to words. Nothing is ever shown by exception: what failed or was impossible is inconclusive."""

from __future__ import annotations

import math

from assay.stats.comparison.judgement import Effect, Verdict
from assay.stats.comparison.question import Claim

Words = tuple[Verdict, str]


def of_table(effect: Effect, narrow: tuple[float, float], margin: float, *, shown: bool) -> Words:
    """A line that nobody named: a difference is shown, or excluded, or neither."""
    inside = math.log1p(-margin) < narrow[0] and narrow[1] < math.log1p(margin)
    if shown:
        return Verdict.CORROBORATED, "the difference is shown, and lies within the margin" if inside else ""
    if inside:
        return Verdict.EQUIVALENT, ""
    return Verdict.INCONCLUSIVE, _wide(effect)


def of_claim(claim: Claim, effect: Effect, narrow: tuple[float, float], margin: float, *, shown: bool) -> Words:
    """The claim named before: "at least this much less" (or more, where the claimed change is positive)."""
    sign = 1.0 if claim.change > 0.0 else -1.0
    claimed = abs(math.log1p(claim.change))
    # turned so that the claimed direction is positive
    estimate = sign * effect.log_ratio
    reach = effect.high if sign > 0.0 else -effect.low
    if shown and estimate < 0.0:
        return Verdict.REFUTED, "it went the other way"
    if claimed > 0.0 and reach < claimed:
        return Verdict.REFUTED, "the change is surely smaller than claimed"
    if shown:
        return Verdict.CORROBORATED, ""
    if math.log1p(-margin) < narrow[0] and narrow[1] < math.log1p(margin):
        return Verdict.EQUIVALENT, ""
    return Verdict.INCONCLUSIVE, _wide(effect)


def _wide(effect: Effect) -> str:
    low, high = (100.0 * math.expm1(end) for end in (effect.low, effect.high))
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval could be had"
    return f"anything from {low:+.2f} % to {high:+.2f} % is possible"
