"""Two questions of planning: what does looking early cost, and does the predicted number of blocks suffice?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assay.stats.comparison import Claim, Looks, Measurements, Question, Verdict, judge
from bench.compare.noise import REALISTIC, Noise, Shape
from bench.compare.scenarios import Scenario
from bench.compare.score import Tally, draw

EVERY, MOST = 5, 40
PILOT = 10


def optional_stopping(scenario: Scenario, pairs: int, first: int = 0) -> Tally:
    """Stop at the first claim: with spending, and with the plain level at every look."""
    result = Tally()
    longest = replace(scenario, shape=replace(scenario.shape, before=MOST, after=MOST))
    looks = tuple(range(EVERY, MOST + 1, EVERY))
    for seed in range(first, first + pairs):
        sides = draw(longest, seed)
        for name in ("spending", "plain"):
            stopped = _first_claim(scenario, sides, looks, spending=name == "spending", seed=seed)
            result.count(f"{name}: any claim", stopped is not None)
            result.count(f"{name}: blocks", stopped or MOST)
    return result


def _first_claim(
    scenario: Scenario, sides: tuple[Measurements, Measurements], looks: tuple[int, ...], *, spending: bool, seed: int
) -> int | None:
    for number, blocks in enumerate(looks, start=1):
        looked = Looks(at=looks[:number], most=MOST) if spending else None
        question = Question(groups=scenario.shape.groups, looks=looked, seed=seed)
        before, after = (first_blocks(side, blocks) for side in sides)
        if judge(before, after, question).claims:
            return blocks
    return None


def first_blocks(side: Measurements, blocks: int) -> Measurements:
    """What there was after these blocks."""
    if side.blocks is None:
        return side
    kept = side.blocks < blocks
    return replace(
        side,
        durations=side.durations[kept],
        blocks=side.blocks[kept],
        starts_ns=None if side.starts_ns is None else side.starts_ns[kept],
    )


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a pilot foretold, and how often it was enough."""

    blocks: float
    """Mean of the predicted numbers."""
    power: float


def realised_power(scenario: Scenario, pairs: int, *, named: bool, first: int = 0) -> Planned:
    """A pilot predicts the blocks for 80 %; fresh blocks of that number are then judged."""
    claim = Claim(place=scenario.named, change=scenario.ratio - 1.0) if named and scenario.named else None
    margin = abs(scenario.ratio - 1.0)
    blocks, found = [], 0
    for seed in range(first, first + pairs):
        pilot = replace(
            scenario, name=f"pilot of {scenario.name}", shape=replace(scenario.shape, before=PILOT, after=PILOT)
        )
        question = Question(groups=scenario.shape.groups, claim=claim, margin=margin, seed=seed)
        answer = judge(*draw(pilot, seed), question)
        line = answer.named if named else answer.cells[scenario.cells[0]]
        needed = min((line and line.blocks_needed) or PILOT, 400)
        fresh = replace(scenario, shape=replace(scenario.shape, before=needed, after=needed))
        judged = judge(*draw(fresh, seed), replace(question, claim=_any_amount(claim)))
        last = judged.named if named else judged.cells[scenario.cells[0]]
        found += last is not None and last.verdict is Verdict.CORROBORATED
        blocks.append(needed)
    return Planned(blocks=float(np.mean(blocks)), power=found / pairs)


def _any_amount(claim: Claim | None) -> Claim | None:
    return None if claim is None else replace(claim, change=0.0)


STOPPING = (
    Scenario(name="effect per run", shape=Shape(tokens=8)),
    Scenario(name="realistic", shape=Shape(tokens=16), noise=REALISTIC),
    Scenario(name="heavy tails", shape=Shape(tokens=8), noise=Noise(tails=3.0)),
)
