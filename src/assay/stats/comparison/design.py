"""Design before statistics: what is one observation, and did the two sides share their time?

Units that ran one side after the other are confounded with whatever drifted meanwhile, and no test can tell. Tokens of
one invocation, and invocations of one build, are not independent: the highest level that varies is what counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.stats.comparison.judgement import Arrangement, Design
from assay.stats.comparison.question import Labels, Measurements, Values

FEWEST_UNITS = 5
FEWEST_BLOCKS = 6
"""With fewer, no sign pattern can be rare enough: 2 / 2**5 is 6.25 %."""
_RARE_DEVIATIONS = 3.0
"""Standard deviations by which an order has to differ from a random one, to count as not mixed."""
_FEWEST_TURNS = 4


@dataclass(frozen=True, kw_only=True)
class Replication:
    """How units become independent observations: rows of weights that average the units of a side."""

    before: Values
    """Shape (observations, units of the baseline); each row sums to one."""
    after: Values
    paired: bool
    """Row i of both sides is the same block."""


def examine(before: Measurements, after: Measurements, *, despite_order: bool) -> tuple[Design, Replication]:
    """The design, and how its units are averaged."""
    arrangement, caveats = _arrangement(before, after)
    unit, replication = _replication(before, after, arrangement)
    counts = len(replication.before), len(replication.after)
    needed = FEWEST_BLOCKS if replication.paired else FEWEST_UNITS
    reason = _few(counts, unit, paired=replication.paired) or _order(arrangement, despite_order=despite_order)
    if arrangement is Arrangement.SEQUENTIAL and not reason:
        caveats += ("the sides ran one after the other: only what a cell does not share with the others is judged",)
    design = Design(
        arrangement=arrangement,
        sound=not reason,
        reason=reason,
        caveats=caveats,
        unit=unit,
        units_before=counts[0],
        units_after=counts[1],
        blocks=counts[0] if replication.paired else None,
        units_needed=needed,
    )
    return design, replication


def _few(counts: tuple[int, int], unit: str, *, paired: bool) -> str:
    if min(counts) >= FEWEST_UNITS:
        return ""
    if paired:
        return f"{counts[0]} blocks with both sides; at least {FEWEST_BLOCKS} are needed to decide: run more blocks"
    what = "build varies, and is what repeats" if unit == "build" else "tokens of one invocation are one observation"
    return f"{counts[0]} and {counts[1]} {unit}s; at least {FEWEST_UNITS} a side are needed ({what}): run more of them"


def _order(arrangement: Arrangement, *, despite_order: bool) -> str:
    if despite_order or arrangement in {Arrangement.BLOCKS, Arrangement.MIXED}:
        return ""
    if arrangement is Arrangement.UNKNOWN:
        return (
            "nothing says when the units ran, so that drift may look like a change: record start times, or run blocks"
        )
    return (
        "the sides ran one after the other, so that drift may look like a change: "
        "run them in turns, in randomised blocks"
    )


def _arrangement(before: Measurements, after: Measurements) -> tuple[Arrangement, tuple[str, ...]]:
    timed = before.starts_ns is not None and after.starts_ns is not None
    order = _mixture(before.starts_ns, after.starts_ns) if timed else Arrangement.UNKNOWN
    if before.blocks is None or after.blocks is None:
        return order, ()
    if not timed:
        return Arrangement.BLOCKS, ("start times are not known, so that the blocks are believed as they are labelled",)
    if order is Arrangement.SEQUENTIAL or not _blocks_hold_together(before, after):
        return (order if order is Arrangement.SEQUENTIAL else Arrangement.SEQUENTIAL), ()
    return Arrangement.BLOCKS, _turns(before, after)


def _mixture(before_ns: Labels | None, after_ns: Labels | None) -> Arrangement:
    """Mixed, or one after the other: by the number of turns in time order, and by ranks."""
    if before_ns is None or after_ns is None or not len(before_ns) or not len(after_ns):
        return Arrangement.UNKNOWN
    sides = np.repeat([0, 1], [len(before_ns), len(after_ns)])
    ordered = sides[np.argsort(np.concatenate([before_ns, after_ns]), kind="stable")]
    first, second = len(before_ns), len(after_ns)
    both = first + second
    turns = 1 + int(np.count_nonzero(np.diff(ordered)))
    product = 2.0 * first * second
    expected = product / both + 1.0
    spread = math.sqrt(max(product * (product - both) / (both * both * max(both - 1, 1)), 0.0))
    rank_sum = float(np.flatnonzero(ordered).sum() + second)
    rank_spread = math.sqrt(first * second * (both + 1) / 12.0)
    drifting = abs(rank_sum - second * (both + 1) / 2.0) > _RARE_DEVIATIONS * rank_spread
    if turns < _FEWEST_TURNS or turns < expected - _RARE_DEVIATIONS * spread or drifting:
        return Arrangement.SEQUENTIAL
    return Arrangement.MIXED


def _blocks_hold_together(before: Measurements, after: Measurements) -> bool:
    """Most blocks are over before the next begins; labels given after the fact don't keep that."""
    labels, starts = _labels(before, after), _starts(before, after)
    if not len(labels):
        return True
    present = np.unique(labels)
    first = np.array([starts[labels == label].min() for label in present])
    last = np.array([starts[labels == label].max() for label in present])
    order = np.argsort(first, kind="stable")
    crossing = np.count_nonzero(last[order][:-1] > first[order][1:])
    return bool(2 * crossing <= len(present))


def _turns(before: Measurements, after: Measurements) -> tuple[str, ...]:
    """A word of warning where the same side always began."""
    labels, starts = _labels(before, after), _starts(before, after)
    sides = np.repeat([0, 1], [len(before.durations), len(after.durations)])
    order = np.lexsort((starts, labels))
    _, firsts = np.unique(labels[order], return_index=True)
    beginners = sides[order][firsts]
    if len(beginners) >= FEWEST_BLOCKS and len(np.unique(beginners)) == 1:
        name = ("baseline", "candidate")[int(beginners[0])]
        return (f"the {name} ran first in every block: what the second run of a block gains or loses counts as change",)
    return ()


def _labels(before: Measurements, after: Measurements) -> Labels:
    return np.concatenate([side.blocks for side in (before, after) if side.blocks is not None])


def _starts(before: Measurements, after: Measurements) -> Labels:
    return np.concatenate([side.starts_ns for side in (before, after) if side.starts_ns is not None])


def _replication(before: Measurements, after: Measurements, arrangement: Arrangement) -> tuple[str, Replication]:
    builds = tuple(_build_labels(side) for side in (before, after))
    varies = any(len(np.unique(labels)) > 1 for labels in builds)
    unit = "build" if varies else "invocation"
    if arrangement is Arrangement.BLOCKS and before.blocks is not None and after.blocks is not None:
        blocks = before.blocks, after.blocks
        if varies:
            blocks = _joined(blocks, builds)
        shared = np.intersect1d(*blocks)
        if not varies or len(shared) >= FEWEST_UNITS:
            rows = (_averages(labels, shared) for labels in blocks)
            return unit, Replication(before=next(rows), after=next(rows), paired=True)
    labels = builds if varies else tuple(np.arange(len(side.durations)) for side in (before, after))
    rows = (_averages(label, np.unique(label)) for label in labels)
    return unit, Replication(before=next(rows), after=next(rows), paired=False)


def _build_labels(side: Measurements) -> Labels:
    return np.zeros(len(side.durations), np.int64) if side.builds is None else side.builds


def _averages(labels: Labels, rows: Labels) -> Values:
    """Each row averages the units with its label."""
    members = (labels[None, :] == rows[:, None]).astype(np.float64)
    averages: Values = members / np.maximum(members.sum(axis=1, keepdims=True), 1.0)
    return averages


def _joined(blocks: tuple[Labels, Labels], builds: tuple[Labels, ...]) -> tuple[Labels, Labels]:
    """Blocks that share a build become one: each build's units lie in a single block of the result."""
    both, split = np.concatenate(blocks), len(blocks[0])
    sides, labels = np.repeat([0, 1], [len(part) for part in blocks]), np.concatenate(builds)
    owners = np.unique(np.stack([sides, labels]), axis=1)
    before = both - 1
    while (before != both).any():
        before = both.copy()
        for side, build in owners.T:
            present = np.unique(both[(sides == side) & (labels == build)])
            both[np.isin(both, present)] = present[0]
    return both[:split], both[split:]
