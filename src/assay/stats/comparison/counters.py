"""Counters that have no noise: instructions of a deterministic program, allocations, bytes sent.

They are compared exactly, and there is no p value: a number that repeats on each side differs, or it does not. One that
does not repeat is noise, and belongs to the other test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.stats.comparison.judgement import Verdict

FEWEST_REPEATS = 2


@dataclass(frozen=True, kw_only=True)
class CounterChange:
    """One counter on both sides."""

    before: int | None
    """The value that repeated; None where it did not."""
    after: int | None
    change: float | None
    """Relative change; None where it can't be told, or the baseline is zero."""
    verdict: Verdict
    """Corroborated: it differs, in the claimed way if there was a claim. Equivalent: it is the same number."""
    reason: str


def compare_counters(before: Sequence[int], after: Sequence[int], claimed_change: float | None = None) -> CounterChange:
    """Compare a counter's values over the runs of both sides; less is better.

    ``claimed_change`` is the least relative change that was claimed before: -0.02 is 2 % less, zero any amount less.
    """
    reason = _unrepeated(before, after)
    if reason:
        return CounterChange(before=None, after=None, change=None, verdict=Verdict.INCONCLUSIVE, reason=reason)
    old, new = before[0], after[0]
    change = (new - old) / old if old else (0.0 if new == old else None)
    verdict, reason = _verdict(old, new, claimed_change)
    return CounterChange(before=old, after=new, change=change, verdict=verdict, reason=reason)


def _unrepeated(before: Sequence[int], after: Sequence[int]) -> str:
    if min(len(before), len(after)) < FEWEST_REPEATS:
        return f"{len(before)} and {len(after)} runs: whether the counter repeats takes {FEWEST_REPEATS} a side"
    for name, values in (("baseline", before), ("candidate", after)):
        if len(set(values)) > 1:
            return (
                f"the counter does not repeat on the {name} ({min(values)} to {max(values)}): compare it as a noisy one"
            )
    return ""


def _verdict(old: int, new: int, claimed_change: float | None) -> tuple[Verdict, str]:
    if claimed_change is None:
        return (Verdict.EQUIVALENT, "the same number") if new == old else (Verdict.CORROBORATED, "")
    if claimed_change == 0.0:
        return (Verdict.CORROBORATED, "") if new < old else (Verdict.REFUTED, "it is not less")
    # whole numbers are compared with the claimed one as a product, so that no division rounds
    bound = old * (1.0 + claimed_change)
    holds = new <= bound if claimed_change < 0.0 else new >= bound
    return (Verdict.CORROBORATED, "") if holds else (Verdict.REFUTED, "the change is smaller than claimed")
