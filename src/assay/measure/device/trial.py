"""All cases in blocks: each block holds every side of every case once, in random order."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from assay.measure.device.case import Case, Result, Sample, Work

FEWEST_BLOCKS, MOST_BLOCKS = 6, 60
_SAMPLE_NS = 1_500_000


@dataclass
class _Side:
    work: Work
    calls: int
    samples: list[Sample] = field(default_factory=list)

    def sample(self) -> None:
        start_ns = time.perf_counter_ns()
        for _ in repeat(None, self.calls):
            self.work()
        wall_ns = time.perf_counter_ns() - start_ns
        self.samples.append(Sample(start_ns, wall_ns, wall_ns / self.calls / 1e9))


def measure(
    suites: Mapping[str, Sequence[Case]],
    *,
    budget_s: float,
    seed: int,
    before_each: Callable[[int, float], None] = lambda _block, _elapsed_s: None,
) -> list[Result]:
    """Measure the cases of these suites for about ``budget_s``, and for six blocks at least.

    ``before_each`` is told the number of each block before it begins, and how long it has taken so far.
    """
    started_s = time.monotonic()
    prepared = [(suite, case, case.prepare()) for suite, cases in suites.items() for case in cases]
    measured = [
        (suite, case, _ready(sides.ours), _ready(sides.numpy) if sides.numpy else None)
        for suite, case, sides in prepared
    ]
    every_side = [side for _, _, *both in measured for side in both if side is not None]
    order = random.Random(seed)  # noqa: S311 - an order that can be repeated, not a secret
    for block in range(MOST_BLOCKS):
        elapsed_s = time.monotonic() - started_s
        if block >= FEWEST_BLOCKS and elapsed_s * (block + 1) / block > budget_s:
            break
        before_each(block, elapsed_s)
        for side in order.sample(every_side, len(every_side)):
            side.sample()
    return [
        Result(
            suite=suite,
            case=case,
            ours=tuple(ours.samples),
            numpy=tuple(numpy.samples) if numpy else (),
        )
        for suite, case, ours, numpy in measured
    ]


def _ready(work: Work) -> _Side:
    """As many calls as take a readable time, after some that meet memory and code for the first time."""
    side = _Side(work, 1)
    side.sample()
    while side.calls < 1 << 24:
        side.sample()
        if (wall_ns := side.samples[-1].wall_ns) >= _SAMPLE_NS // 4:
            side.calls = max(1, round(side.calls * _SAMPLE_NS / wall_ns))
            break
        side.calls *= 4
    side.samples.clear()
    return side
