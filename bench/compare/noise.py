"""Noise of programs that run again and again: what each source of it does to logarithms of durations.

A pair is laid out in time first (slots), then dealt to the two sides, so that drift and neighbours hit both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assay.stats.comparison import Measurements

Values = NDArray[np.float64]
Source = np.random.Generator

STEPS = 4


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How much is measured."""

    before: int = 20
    after: int = 20
    cells: int = 32
    tokens: int = 32
    builds: int = 1
    """Builds a side; the units are dealt to them in turn."""
    blocks: bool = True
    """In randomised blocks; else in a random order without blocks."""

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Each step over all layers, each layer over all steps; a cell is layer * steps + step."""
        if self.cells % STEPS:
            return ()
        steps = [tuple(range(step, self.cells, STEPS)) for step in range(STEPS)]
        layers = [tuple(range(first, first + STEPS)) for first in range(0, self.cells, STEPS)]
        return (*steps, *layers)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Sizes of the sources, as standard deviations of logarithms unless it says otherwise."""

    common: float = 0.02
    """Shared by all cells of a unit."""
    cell: float = 0.0105
    """Of a unit in one cell."""
    token: float = 0.03
    token_memory: float = 0.0
    """Correlation of a token with the one before."""
    run_memory: float = 0.0
    """Correlation of a unit with the one before in time."""
    drift: float = 0.0
    """Change of everything over the whole collection."""
    loading: float = 0.0
    """Spread of how much of the common part a cell takes."""
    two_modes: float = 0.0
    """Distance of a second mode that a third of the units is in, in all cells."""
    two_modes_cell: float = 0.0
    """The same for each cell on its own."""
    second_mode: float = 1 / 3
    """Part of the units, or of the tokens, that is in the second mode."""
    token_modes: float = 0.0
    """Distance of a second mode that tokens go into and leave again, each cell on its own."""
    sojourn: float = 1.0
    """Tokens that a mode lasts, on average, beyond what chance would make of it."""
    tails: float = 0.0
    """Degrees of freedom of Student's t in place of the normal distribution; zero keeps it."""
    skew: float = 0.0
    """Mean of an exponential part of each unit and cell."""
    preempted: float = 0.0
    """Share of tokens that were interrupted."""
    interruption: float = 1.0
    """Mean of the logarithm that an interruption adds."""
    uneven: float = 0.0
    """Spread of the logarithm of a cell's noise: some cells are noisier than others."""
    tick: float = 0.0
    """Step of the clock; the shortest cell takes about 1."""
    build: float = 0.0
    """Of a build in one cell."""
    build_common: float = 0.0
    after_wider: float = 1.0
    """Factor on the candidate's noise between units."""
    after_token_wider: float = 1.0
    """Factor on the candidate's noise between tokens."""


REALISTIC = Noise(run_memory=0.7, loading=0.3, uneven=0.2, preempted=0.03, interruption=0.3, token_memory=0.3)


def varied(source: Source) -> Noise:
    """Noise of a machine that nobody chose: modes, interruptions, memory and tails of any size within reason."""
    return Noise(
        common=source.uniform(0.002, 0.05),
        cell=source.uniform(0.003, 0.02),
        token=source.uniform(0.01, 0.06),
        token_memory=source.choice([0.0, source.uniform(0.0, 0.9)]),
        run_memory=source.choice([0.0, source.uniform(0.0, 0.9)]),
        drift=source.choice([0.0, source.uniform(-0.2, 0.2)]),
        loading=source.uniform(0.0, 0.5),
        two_modes=source.choice([0.0, source.uniform(0.03, 0.3)]),
        two_modes_cell=source.choice([0.0, 0.0, source.uniform(0.03, 0.3)]),
        token_modes=source.choice([0.0, source.uniform(0.03, 0.3)]),
        second_mode=source.uniform(0.05, 0.6),
        sojourn=source.choice([1.0, 8.0, 1000.0]),
        tails=source.choice([0.0, 0.0, 2.0, 5.0]),
        skew=source.choice([0.0, source.uniform(0.0, 0.03)]),
        preempted=source.choice([0.0, source.uniform(0.01, 0.4)]),
        interruption=source.uniform(0.1, 2.0),
        uneven=source.uniform(0.0, 0.6),
    )


def pair(source: Source, shape: Shape, noise: Noise, effect: Values | float = 0.0) -> tuple[Measurements, Measurements]:
    """Both sides; ``effect`` is added to the logarithms of the candidate, for each cell."""
    slots = _deal(source, shape)
    units = len(slots.is_after)
    scale = np.exp(source.normal(0.0, noise.uneven, shape.cells)) if noise.uneven else np.ones(shape.cells)
    between = _units(source, noise, units, shape.cells, scale)
    between[slots.is_after] *= noise.after_wider
    within = _tokens(source, noise, (units, shape.cells, shape.tokens))
    within[slots.is_after] *= noise.after_token_wider
    if noise.preempted:
        hit = source.random(within.shape) < noise.preempted
        within[hit] += source.exponential(noise.interruption, np.count_nonzero(hit))
    base = np.log(np.tile([1.0, 6.0, 2.0, 4.0], shape.cells // STEPS + 1)[: shape.cells])
    logs = base[:, None] + between[:, :, None] + within
    logs += _builds(source, noise, shape, slots)[:, :, None]
    logs[slots.is_after] += np.broadcast_to(np.asarray(effect, np.float64), (shape.cells,))[:, None]
    durations = np.exp(logs)
    if noise.tick:
        phase = source.random(durations.shape)
        durations = np.maximum(np.floor(durations / noise.tick + phase), 1.0) * noise.tick
    return _sides(durations, slots)


@dataclass(frozen=True, kw_only=True)
class _Slots:
    """Units in the order in which they run."""

    is_after: NDArray[np.bool_]
    blocks: NDArray[np.int64] | None
    build: NDArray[np.int64]


def _deal(source: Source, shape: Shape) -> _Slots:
    units = shape.before + shape.after
    if shape.blocks and shape.before == shape.after:
        is_after = np.stack([first := source.random(shape.before) < 0.5, ~first], axis=1).reshape(-1)
        blocks = np.repeat(np.arange(shape.before), 2)
    else:
        is_after, blocks = source.permutation(np.arange(units) >= shape.before), None
    build = np.zeros(units, np.int64)
    for side in (is_after, ~is_after):
        build[side] = np.arange(np.count_nonzero(side)) % shape.builds
    return _Slots(is_after=is_after, blocks=blocks, build=build)


def _units(source: Source, noise: Noise, units: int, cells: int, scale: Values) -> Values:
    loading = 1.0 + noise.loading * source.standard_normal(cells)
    common = noise.common * _remembering(_draw(source, noise.tails, (units, 1)), noise.run_memory)
    common = common + noise.drift * np.linspace(0.0, 1.0, units)[:, None]
    common = common + noise.two_modes * (source.random((units, 1)) < noise.second_mode)
    own = noise.cell * scale * _remembering(_draw(source, noise.tails, (units, cells)), noise.run_memory / 2.0)
    own = own + noise.two_modes_cell * (source.random((units, cells)) < noise.second_mode)
    if noise.skew:
        own = own + source.exponential(noise.skew, (units, cells))
    between: Values = common * loading + own
    return between


def _tokens(source: Source, noise: Noise, size: tuple[int, int, int]) -> Values:
    drawn = _draw(source, noise.tails, size)
    if noise.token_memory:
        drawn = np.moveaxis(_remembering(np.moveaxis(drawn, -1, 0), noise.token_memory), 0, -1)
    tokens: Values = noise.token * drawn
    if noise.token_modes:
        tokens = tokens + noise.token_modes * _modes(source, noise, size)
    return tokens


def _modes(source: Source, noise: Noise, size: tuple[int, int, int]) -> Values:
    """Zero or one: at each token a new mode is drawn with one chance in ``sojourn``, else the last one stays."""
    drawn = (source.random(size) < noise.second_mode).astype(np.float64)
    stays = source.random(size) > 1.0 / noise.sojourn
    for token in range(1, size[2]):
        drawn[..., token] = np.where(stays[..., token], drawn[..., token - 1], drawn[..., token])
    return drawn


def _builds(source: Source, noise: Noise, shape: Shape, slots: _Slots) -> Values:
    number = slots.build + shape.builds * slots.is_after
    common = source.normal(0.0, noise.build_common, (2 * shape.builds, 1)) if noise.build_common else 0.0
    own = source.normal(0.0, noise.build, (2 * shape.builds, shape.cells)) if noise.build else 0.0
    parts: Values = np.broadcast_to(common + own, (2 * shape.builds, shape.cells))[number]
    return parts


def _draw(source: Source, tails: float, size: tuple[int, ...]) -> Values:
    return source.standard_t(tails, size) if tails else source.standard_normal(size)


def _remembering(fresh: Values, memory: float) -> Values:
    """First-order autoregression along the first axis, with the variance of what is fresh."""
    if not memory:
        return fresh
    result, rest = fresh.copy(), np.sqrt(1.0 - memory**2)
    for row in range(1, len(fresh)):
        result[row] = memory * result[row - 1] + rest * fresh[row]
    return result


def _sides(durations: Values, slots: _Slots) -> tuple[Measurements, Measurements]:
    several = bool(slots.build.any())
    before, after = (
        Measurements(
            durations=durations[side],
            blocks=None if slots.blocks is None else slots.blocks[side],
            starts_ns=np.flatnonzero(side),
            builds=slots.build[side] if several else None,
        )
        for side in (~slots.is_after, slots.is_after)
    )
    return before, after


def with_outside(
    source: Source, sides: tuple[Measurements, Measurements], ratio: float
) -> tuple[Measurements, Measurements]:
    """The whole also holds time that lies in no cell, and that part changes."""
    totals = []
    for side, factor in zip(sides, (1.0, ratio), strict=True):
        cells = side.durations.sum(axis=1)
        totals.append(cells + 0.5 * factor * cells.mean() * np.exp(source.normal(0.0, 0.02, cells.shape)))
    return replace(sides[0], totals=totals[0]), replace(sides[1], totals=totals[1])


def one_after_the_other(sides: tuple[Measurements, Measurements]) -> tuple[Measurements, Measurements]:
    """The same measurements, had all of the baseline run first."""
    before, after = sides
    first = len(before.durations)
    return (
        replace(before, blocks=None, starts_ns=np.arange(first)),
        replace(after, blocks=None, starts_ns=first + np.arange(len(after.durations))),
    )
