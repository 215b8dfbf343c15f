"""What is simulated: pairs without a difference, and pairs with a known one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from assay.stats.comparison import Claim, Kind, Place
from bench.compare.noise import REALISTIC, Noise, Shape, Source, Values, varied


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One kind of pair."""

    name: str
    shape: Shape = field(default_factory=Shape)
    noise: Noise | Callable[[Source], Noise] = field(default_factory=Noise)
    """The same for all pairs, or drawn for each."""
    cells: tuple[int, ...] = ()
    """Cells that change."""
    ratio: float = 1.0
    """What happens to them."""
    named: Place | None = None
    """Claimed before, besides the table."""
    outside: float = 1.0
    """What happens to the time that lies in no cell."""

    @property
    def effect(self) -> Values:
        """Of each cell, on the logarithm."""
        effect = np.zeros(self.shape.cells)
        effect[list(self.cells)] = np.log(self.ratio)
        return effect

    @property
    def claim(self) -> Claim | None:
        """Less, by whatever amount."""
        return None if self.named is None else Claim(place=self.named, change=0.0)


CELL = 13
STEP_CELLS = Shape().groups[1]

WITHOUT_CHANGE = (
    Scenario(name="independent tokens", noise=Noise(common=0.0, cell=0.0)),
    Scenario(name="effect per run"),
    Scenario(name="memory over tokens", noise=Noise(token_memory=0.8)),
    Scenario(name="memory over runs", noise=Noise(run_memory=0.9)),
    Scenario(name="drift", noise=Noise(drift=0.1, loading=0.3)),
    Scenario(name="two modes", noise=Noise(two_modes=0.08, loading=0.3)),
    Scenario(name="two modes per cell", noise=Noise(two_modes_cell=0.05)),
    Scenario(name="two modes, 3 % apart", noise=Noise(two_modes=0.03, second_mode=0.5, loading=0.3)),
    Scenario(name="two modes, 30 % apart", noise=Noise(two_modes=0.3, second_mode=0.1, loading=0.3)),
    Scenario(name="two modes of tokens", noise=Noise(token_modes=0.1)),
    Scenario(name="two modes of tokens, long", noise=Noise(token_modes=0.2, sojourn=8.0, second_mode=0.5)),
    Scenario(name="heavy tails", noise=Noise(tails=2.0)),
    Scenario(name="skewed runs", noise=Noise(skew=0.02)),
    Scenario(name="preempted", noise=Noise(preempted=0.2)),
    Scenario(name="preempted rarely, for long", noise=Noise(preempted=0.02, interruption=3.0)),
    Scenario(name="preempted often, briefly", noise=Noise(preempted=0.4, interruption=0.2)),
    Scenario(name="quantised clock", noise=Noise(tick=0.1)),
    Scenario(name="coarse clock", noise=Noise(tick=0.7)),
    Scenario(name="uneven cells", noise=Noise(uneven=1.0)),
    Scenario(name="realistic", noise=REALISTIC),
    Scenario(name="unequal variance, blocks", noise=Noise(after_wider=2.5)),
    Scenario(name="no blocks", shape=Shape(blocks=False)),
    Scenario(name="no blocks, realistic", shape=Shape(blocks=False), noise=REALISTIC),
    Scenario(
        name="unequal n and variance", shape=Shape(before=30, after=12, blocks=False), noise=Noise(after_wider=2.0)
    ),
    Scenario(name="n = 5, blocks", shape=Shape(before=5, after=5)),
    Scenario(name="n = 5, no blocks", shape=Shape(before=5, after=5, blocks=False)),
    Scenario(name="n = 7, blocks", shape=Shape(before=7, after=7), noise=REALISTIC),
    Scenario(name="n = 10, blocks", shape=Shape(before=10, after=10), noise=REALISTIC),
    Scenario(name="128 cells", shape=Shape(cells=128, tokens=16)),
    Scenario(
        name="several builds",
        shape=Shape(before=24, after=24, builds=8),
        noise=Noise(build=0.01, build_common=0.01),
    ),
    Scenario(
        name="several builds, no blocks",
        shape=Shape(before=24, after=24, builds=8, blocks=False),
        noise=Noise(build=0.01, build_common=0.01),
    ),
    Scenario(name="three cells", shape=Shape(cells=3)),
    Scenario(name="varied", noise=varied),
    Scenario(name="varied, n = 10", shape=Shape(before=10, after=10), noise=varied),
    Scenario(name="varied, no blocks", shape=Shape(blocks=False), noise=varied),
)

_NAMED = Place(kind=Kind.CELL, index=CELL)
_TWO_PERCENT = Scenario(name="2 % in one cell", noise=REALISTIC, cells=(CELL,), ratio=0.98, named=_NAMED)

WITH_CHANGE = (
    _TWO_PERCENT,
    replace(_TWO_PERCENT, name="1 % in one cell", ratio=0.99),
    replace(_TWO_PERCENT, name="2 % slower in one cell", ratio=1.02, named=None),
    replace(_TWO_PERCENT, name="2 %, two modes", noise=Noise(two_modes=0.08, loading=0.3)),
    replace(_TWO_PERCENT, name="2 %, preempted", noise=Noise(preempted=0.2)),
    replace(_TWO_PERCENT, name="2 %, no blocks", shape=Shape(blocks=False)),
    replace(
        _TWO_PERCENT,
        name="1 % in one step of all layers",
        cells=STEP_CELLS,
        ratio=0.99,
        named=Place(kind=Kind.GROUP, index=1),
    ),
)

NO_CELL_CHANGE = (
    Scenario(name="all cells 3 % slower", noise=REALISTIC, cells=tuple(range(32)), ratio=1.03),
    Scenario(name="all cells 1 % slower", noise=REALISTIC, cells=tuple(range(32)), ratio=1.01),
    Scenario(
        name="all cells 2 % faster, two modes",
        noise=Noise(two_modes=0.08, loading=0.3),
        cells=tuple(range(32)),
        ratio=0.98,
    ),
    Scenario(name="outside the cells", noise=REALISTIC, outside=1.2),
    Scenario(name="wider tokens", noise=Noise(after_token_wider=2.0)),
    Scenario(name="wider tokens, preempted", noise=Noise(preempted=0.2, after_token_wider=2.0)),
    Scenario(name="wider runs", noise=Noise(after_wider=2.0)),
)
