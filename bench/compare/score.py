"""What each pair of a scenario gives, and what that says of the rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from assay.stats.comparison import Direction, Judgement, Kind, Line, Measurements, Question, Verdict, judge
from bench.compare.noise import Noise, pair, with_outside
from bench.compare.scenarios import Scenario


@dataclass
class Tally:
    """Counts of what happened, out of how many."""

    happened: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    of: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def count(self, what: str, happened: float, of: int = 1) -> None:
        """Add one observation, or several."""
        self.happened[what] += happened
        self.of[what] += of

    def share(self, what: str) -> float:
        """Relative frequency; not a number where nothing was counted."""
        return self.happened[what] / self.of[what] if self.of.get(what) else float("nan")

    def lower_bound(self, what: str) -> float:
        """Lower end of the one-sided exact 95 % interval of the frequency (Clopper and Pearson)."""
        count, of = self.happened[what], self.of[what]
        return float(special.betaincinv(count, of - count + 1, 0.05)) if count else 0.0


def draw(scenario: Scenario, seed: int) -> tuple[Measurements, Measurements]:
    """The pair with this number."""
    source = np.random.default_rng([seed, *scenario.name.encode()])
    noise = scenario.noise if isinstance(scenario.noise, Noise) else scenario.noise(source)
    sides = pair(source, scenario.shape, noise, scenario.effect)
    return sides if scenario.outside == 1.0 else with_outside(source, sides, scenario.outside)


def judged(scenario: Scenario, seed: int) -> Judgement:
    """Our answer to the pair with this number."""
    before, after = draw(scenario, seed)
    return judge(before, after, Question(groups=scenario.shape.groups, claim=scenario.claim, seed=seed))


def tally(scenario: Scenario, pairs: int, first: int = 0) -> Tally:
    """Judge many pairs of a scenario."""
    result = Tally()
    for seed in range(first, first + pairs):
        add(result, scenario, judged(scenario, seed))
    return result


def add(result: Tally, scenario: Scenario, judgement: Judgement) -> None:
    """Count what one answer got right and wrong."""
    places = {(line.place.kind, line.place.index) for line in judgement.claims}
    parts = {place for place in places if place[0] in {Kind.CELL, Kind.GROUP}}
    changed = set(scenario.cells)
    result.count("any claim", bool(places))
    result.count("cell or group", bool(parts))
    result.count("declined", not judgement.design.sound)
    for line in judgement.cells:
        _count_interval(result, line, float(scenario.effect[line.place.index]))
        result.count("equivalent", line.verdict is Verdict.EQUIVALENT)
    if judgement.named is not None:
        result.count("named", judgement.named.verdict is Verdict.CORROBORATED)
    if not changed:
        return
    result.count("found", changed <= {place[1] for place in parts if place[0] is Kind.CELL})
    result.count("exact", parts == {(Kind.CELL, cell) for cell in changed})
    result.count("beside", any(not _touches(scenario, place, changed) for place in parts))
    for index, group in enumerate(scenario.shape.groups):
        if set(group) == changed:
            result.count("group found", (Kind.GROUP, index) in parts)
            result.count("exact group", parts - {(Kind.CELL, cell) for cell in group} == {(Kind.GROUP, index)})


def _touches(scenario: Scenario, place: tuple[Kind, int], changed: set[int]) -> bool:
    return bool(changed & ({place[1]} if place[0] is Kind.CELL else set(scenario.shape.groups[place[1]])))


def _count_interval(result: Tally, line: Line, truth: float) -> None:
    effect = line.judged
    if effect is None:
        return
    result.count("covered", effect.low <= truth <= effect.high)
    result.count("covered together", effect.low_together <= truth <= effect.high_together)
    if truth:
        result.count("covered changed", effect.low <= truth <= effect.high)
        result.count("error", effect.log_ratio - truth)
        wrong = Direction.MORE if truth < 0.0 else Direction.LESS
        result.count("wrong sign", line.claimed and line.direction is wrong)
