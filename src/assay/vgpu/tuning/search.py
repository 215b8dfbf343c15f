"""Searching the best choice for one shape, then putting it to the test.

The search is greedy: each choice in turn, its values timed interleaved, the slower half dropped after each round. It
may be fooled by noise, so that what it finds counts only if it wins a paired comparison that is measured afresh.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from assay.vgpu.tuning.candidates import stages
from assay.vgpu.tuning.stopwatch import Stopwatch
from assay.vgpu.tuning.types import RULES, Choice, Shape, Verdict

FEWEST_PAIRS, MOST_PAIRS = 9, 31
LEAST_GAIN = 1.01
"""A smaller gain is not worth a table's line."""
_DOUBT = 0.01
_ROUNDS = 6
_SEARCH_SHARE = 0.5
_FEWEST_SAMPLES = 2 * FEWEST_PAIRS + 12
_CLEARLY_SLOWER = 1.25


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is tuned, and with what."""

    shape: Shape
    workers: int
    stopwatch: Stopwatch
    budget_s: float
    earlier: Choice = RULES
    """What an earlier search found; it has to win again."""
    seed: int = 0


@dataclass
class Compared:
    """Pairs of times of one product by the rules and by a candidate."""

    before_s: list[float] = field(default_factory=list)
    after_s: list[float] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Before / after, ascending."""
        return sorted(before / after for before, after in zip(self.before_s, self.after_s, strict=True))

    def least(self) -> float:
        """What the median ratio is at least, at 99 % confidence: a sign test turned round."""
        ratios = self.ratios()
        return ratios[_rank(len(ratios))]

    def wins(self) -> bool:
        """Whether the candidate is faster beyond doubt and by enough to matter."""
        return median(self.ratios()) >= LEAST_GAIN and self.least() > 1.0


def tune_shape(task: Task) -> Verdict:
    """Search within half the budget, then compare within the rest."""
    start_s = task.stopwatch.now_s()
    task.stopwatch.product_s(task.shape, RULES)
    product_s = task.stopwatch.product_s(task.shape, RULES)
    needed_s = product_s * _FEWEST_SAMPLES
    if needed_s > task.budget_s:
        reason = f"not tried: it needs {needed_s:.1f} s, and {max(0.0, task.budget_s):.1f} s are left of the budget"
        return _verdict(task, RULES, None, reason, counts=False)
    order = random.Random(task.seed)  # noqa: S311 - an order that can be repeated, not a secret
    found = _search(task, start_s + _SEARCH_SHARE * task.budget_s, order)
    if found == RULES:
        return _verdict(task, RULES, None, "nothing tried was faster")
    return _confirmed(task, found, start_s + task.budget_s, order)


def _search(task: Task, until_s: float, order: random.Random) -> Choice:
    best = RULES
    for stage in stages(task.shape, task.workers, task.earlier):
        if best.path == "in_place" and stage.name != "path":
            continue  # nothing is packed
        best = _fastest(task, stage.candidates(best), until_s, order)
    return best


def _fastest(task: Task, candidates: Sequence[Choice], until_s: float, order: random.Random) -> Choice:
    """The one whose fastest product is the fastest; the first, where time ran out before all had a turn."""
    times: dict[Choice, list[float]] = {candidate: [] for candidate in candidates}
    alive = list(candidates)
    for _ in range(_ROUNDS):
        if len(alive) == 1:
            break
        for candidate in order.sample(alive, len(alive)):
            if task.stopwatch.now_s() >= until_s:
                alive = [each for each in alive if len(times[each]) > 0]
                return min(alive, key=lambda each: min(times[each])) if candidates[0] in alive else candidates[0]
            times[candidate].append(task.stopwatch.product_s(task.shape, candidate))
        alive = _survivors(alive, times)
    return alive[0]


def _survivors(alive: list[Choice], times: dict[Choice, list[float]]) -> list[Choice]:
    """The better half, without those that are far behind; in order, the best first."""
    ranked = sorted(alive, key=lambda each: min(times[each]))
    limit_s = min(times[ranked[0]]) * _CLEARLY_SLOWER
    return [each for each in ranked[: math.ceil(len(ranked) / 2)] if min(times[each]) <= limit_s]


def _confirmed(task: Task, found: Choice, until_s: float, order: random.Random) -> Verdict:
    """The candidate's verdict; a cut of k has to win with a single worker too, since it holds for any number."""
    if found.k_bytes and task.workers > 1:
        alone = Choice(cut_rows=1, cut_columns=1)
        middle_s = (task.stopwatch.now_s() + until_s) / 2
        if not _compare(task, alone, replace(found, cut_rows=1, cut_columns=1), middle_s, order).wins():
            found = replace(found, k_bytes=0)
            if found == RULES:
                return _verdict(task, RULES, None, "a cut of k that was faster is not with a single worker")
    compared = _compare(task, RULES, found, until_s, order)
    if compared.wins():
        return _verdict(task, found, compared, "")
    return _verdict(task, RULES, compared, f"no sure gain by {found.text}")


def _compare(task: Task, rules: Choice, found: Choice, until_s: float, order: random.Random) -> Compared:
    compared = Compared()
    sides = ((rules, compared.before_s), (found, compared.after_s))
    for pair in range(MOST_PAIRS):
        if pair >= FEWEST_PAIRS and task.stopwatch.now_s() >= until_s:
            break
        for choice, times in order.sample(sides, 2):
            times.append(task.stopwatch.product_s(task.shape, choice))
    return compared


def _rank(count: int) -> int:
    """Index of the order statistic that the median exceeds with 99 % confidence."""
    chance, rank = 0.0, 0
    for below in range(count):
        chance += math.comb(count, below) / 2**count
        if chance > _DOUBT:
            break
        rank = below
    return rank


def _verdict(task: Task, choice: Choice, compared: Compared | None, reason: str, *, counts: bool = True) -> Verdict:
    return Verdict(
        shape=task.shape,
        workers=task.workers,
        choice=choice,
        before_s=median(compared.before_s) if compared else None,
        after_s=median(compared.after_s) if compared else None,
        gain=median(compared.ratios()) if compared else None,
        gain_least=compared.least() if compared else None,
        pairs=len(compared.before_s) if compared else 0,
        reason=reason,
        counts=counts,
    )
