"""Whole tokens kept as they are: all of a short trace, a fair share of a long one; no token in part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.trace.analysis.frame import NONE, Frame

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

MOST_ROWS = 1 << 19
_FIELDS = (
    "step",
    "phase",
    "layer",
    "token",
    "start_ns",
    "wall_ns",
    "off_cpu_ns",
    "flops",
    "read_bytes",
    "written_bytes",
    "kv_bytes",
)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Times of the same steps in many tokens: a row a token, a column a step and layer."""

    wall_ns: Reals
    step: Integers
    """Of each column."""
    layer: Integers
    """Of each column."""
    depth: Integers
    """Position of each row's token."""
    start_ns: Integers
    """Start of each cell's work, laid out as ``wall_ns``."""
    flops: Reals
    """Operations of each cell's work, laid out as ``wall_ns``; not a number where not counted."""


class Sample:
    """Gathers whole steps of tokens."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows
        self._limit = (1 << 63) - 1
        self._parts: list[dict[str, Integers]] = []
        self._rows = 0

    def add(self, frame: Frame) -> None:
        """Take the events in whose tokens are sampled."""
        rows = np.flatnonzero(frame.is_step & (frame.token != NONE))
        keys = _mixed(frame.invocation[rows], frame.sequence[rows], frame.token[rows])
        chosen = keys <= self._limit
        part = {name: getattr(frame, name)[rows[chosen]] for name in _FIELDS} | {"key": keys[chosen]}
        self._parts.append(part)
        self._rows += len(part["key"])
        while self._rows > self._most_rows:
            self._limit >>= 1
            self._parts = [_below(each, self._limit) for each in self._parts]
            self._rows = sum(len(each["key"]) for each in self._parts)

    def columns(self) -> dict[str, Integers]:
        """What was taken, an array a column; ``key`` tells tokens apart."""
        if not self._parts:
            return {name: np.zeros(0, np.int64) for name in (*_FIELDS, "key")}
        self._parts = [{name: np.concatenate([each[name] for each in self._parts]) for name in (*_FIELDS, "key")}]
        return self._parts[0]

    def phases(self) -> list[int]:
        """Phases that occur, the one with most events first."""
        found, counts = np.unique(self.columns()["phase"], return_counts=True)
        return [int(phase) for _, phase in sorted(zip((-counts).tolist(), found.tolist(), strict=True))]

    def matrix(self, phase: int) -> Matrix | None:
        """Tokens of a phase whose steps were all timed; None below three tokens or two steps."""
        columns = self.columns()
        mine = {name: values[columns["phase"] == phase] for name, values in columns.items()}
        return _pivoted(mine) if len(mine["key"]) else None

    def by_step(self) -> Iterator[tuple[int, int, dict[str, Integers]]]:
        """Step and phase, with their events."""
        columns = self.columns()
        for step in np.unique(columns["step"]).tolist():
            for phase in np.unique(columns["phase"][columns["step"] == step]).tolist():
                chosen = (columns["step"] == step) & (columns["phase"] == phase)
                yield step, phase, {name: values[chosen] for name, values in columns.items()}


def _pivoted(columns: dict[str, Integers]) -> Matrix | None:
    tokens, row = np.unique(columns["key"], return_inverse=True)
    cells, column = np.unique(columns["step"] * (1 << 20) + columns["layer"] + 1, return_inverse=True)
    places = row * len(cells) + column
    size = len(tokens) * len(cells)
    if size > 8 * MOST_ROWS:
        return None
    counts = np.bincount(places, minlength=size).reshape(len(tokens), len(cells))
    usual = (counts == 1).mean(axis=0) > 0.8
    whole = (counts[:, usual] == 1).all(axis=1)
    if whole.sum() < 3 or usual.sum() < 2:
        return None
    first = np.zeros(size, np.int64)
    first[places] = np.arange(len(places))
    chosen = first.reshape(counts.shape)[np.ix_(whole, usual)]
    flops = columns["flops"][chosen].astype(np.float64)
    flops[flops < 0] = np.nan
    order = np.argsort(columns["start_ns"][chosen[0]], kind="stable")
    chosen, flops = chosen[:, order], flops[:, order]
    return Matrix(
        wall_ns=columns["wall_ns"][chosen].astype(np.float64),
        step=columns["step"][chosen[0]],
        layer=columns["layer"][chosen[0]],
        depth=columns["token"][chosen[:, 0]],
        start_ns=columns["start_ns"][chosen],
        flops=flops,
    )


def _below(part: dict[str, Integers], limit: int) -> dict[str, Integers]:
    chosen = part["key"] <= limit
    return {name: values[chosen] for name, values in part.items()}


def _mixed(*parts: Integers) -> Integers:
    """A number below 2^63 for each token, the same for all of its events, spread evenly."""
    key = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        key = (key ^ (part + 2).astype(np.uint64)) * _MIX
        key ^= key >> np.uint64(29)
    mixed: Integers = (key >> np.uint64(1)).astype(np.int64)
    return mixed
