"""Which cell of one side is which of the other: by structure, so that what was inserted leaves the rest in place.

Layers are laid side by side by what is done in them, and then the work inside each pair of layers, and outside of
layers, by name and order. Numbers that a tool put into names (``MatMul_17``) don't tell operators apart where the
sequence does.

Where the sides have unequal numbers of layers that all do the same, structure can't say which is the new one. Then, and
only then, the durations decide between ways that structure holds for equally good; that is stated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import structs

from assay.compare.structure.sequences import Floats, aligned
from assay.record.base import Record
from assay.record.documents.comparison import Cell

_NUMBERS = re.compile(r"\d+")
_ALIKE = 0.5
"""Layers that share less than this of their work are different things."""
_LIGHT = 0.4
"""What names or durations add to all pairs together: less than one pair."""
_SHARP = 4.0
_MOST_FACTORS = 200

Profile = Mapping[Cell, float]
"""Cells in the order in which they first ran, with a typical value."""
_Item = tuple[str, str, str, str]


class Alignment(Record, kw_only=True):
    """Pairs of cells, and what only one side has."""

    pairs: tuple[tuple[Cell, Cell], ...]
    """Cells of the baseline with their counterparts, in the baseline's order."""
    only_before: tuple[Cell, ...]
    """Cells that the candidate does not have."""
    only_after: tuple[Cell, ...]
    """Cells that the baseline does not have."""
    notes: tuple[str, ...] = ()
    """How it was decided, where that was not plain."""


def align(before: Profile, after: Profile) -> Alignment:
    """Lay two sides next to each other."""
    layers, note = _layer_pairs(before, after)
    pairs = [pair for one, other in [(None, None), *layers] for pair in _within(before, after, one, other)]
    place = {cell: number for number, cell in enumerate(before)}
    pairs.sort(key=lambda pair: place[pair[0]])
    left, right = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return Alignment(
        pairs=tuple(pairs),
        only_before=tuple(cell for cell in before if cell not in left),
        only_after=tuple(cell for cell in after if cell not in right),
        notes=(note,) if note else (),
    )


def _layer_pairs(before: Profile, after: Profile) -> tuple[list[tuple[int, int]], str]:
    left, right = _layers(before), _layers(after)
    if left == right:
        return [(layer, layer) for layer in left], ""
    alike = _similarity(left, right)
    pairs, note = aligned(alike), ""
    if _is_ambiguous(alike):
        pairs = _by_duration(alike, _durations(before, left), _durations(after, right))
        note = "layers that do the same were told apart by their durations, since one side has more of them"
    numbers = list(left), list(right)
    return [(numbers[0][row], numbers[1][column]) for row, column in pairs], note


def _layers(side: Profile) -> dict[int, tuple[_Item, ...]]:
    """What is done in each layer, layers in order."""
    found: dict[int, list[_Item]] = {}
    for cell in side:
        if cell.layer is not None:
            found.setdefault(cell.layer, []).append(_item(cell, cell.op))
    return {layer: tuple(sorted(found[layer])) for layer in sorted(found)}


def _item(cell: Cell, op: str) -> _Item:
    return cell.phase, cell.name, _stem(op), cell.device


def _stem(name: str) -> str:
    return _NUMBERS.sub("", name)


def _similarity(left: Mapping[int, tuple[_Item, ...]], right: Mapping[int, tuple[_Item, ...]]) -> Floats:
    kinds: dict[tuple[tuple[_Item, ...], tuple[_Item, ...]], float] = {}
    table = np.zeros((len(left), len(right)))
    for row, one in enumerate(left.values()):
        for column, other in enumerate(right.values()):
            if (one, other) not in kinds:
                kinds[one, other] = _shared(one, other)
            table[row, column] = kinds[one, other]
    return table


def _shared(one: Sequence[_Item], other: Sequence[_Item]) -> float:
    """Share of the work that both do; 1 for equal layers."""
    rest = list(other)
    both = 0
    for item in one:
        if item in rest:
            rest.remove(item)
            both += 1
    share = both / (len(one) + len(other) - both)
    return share if share >= _ALIKE else 0.0


def _is_ambiguous(alike: Floats) -> bool:
    """Whether a layer could be paired with several equally well, while the sides have unequal numbers of layers."""
    if alike.shape[0] == alike.shape[1] or not alike.size:
        return False
    best = alike.max(axis=1, keepdims=True)
    return bool((((alike == best) & (best > 0.0)).sum(axis=1) > 1).any())


def _by_duration(alike: Floats, one: Floats, other: Floats) -> list[tuple[int, int]]:
    """The way in which pairs take most nearly alike long, once everything was made faster or slower by one factor.

    The factor is not known: the ratio of any pair that could be one is tried. All that durations add together outweighs
    no pair, so that they only decide between ways that structure holds for equally good.
    """
    rows, columns = np.nonzero(alike)
    best: tuple[float, list[tuple[int, int]]] = (-1.0, [])
    for factor in np.unique(np.round(other[columns] - one[rows], 3))[:: 1 + len(rows) // _MOST_FACTORS]:
        far = np.abs(other[None, :] - one[:, None] - factor)
        chosen = alike + (alike > 0.0) * _LIGHT / (1 + max(alike.shape)) * np.exp(-_SHARP * far)
        pairs = aligned(chosen)
        score = float(sum(chosen[pair] for pair in pairs))
        if score > best[0]:
            best = score, pairs
    return best[1]


def _durations(side: Profile, layers: Mapping[int, object]) -> Floats:
    """Log of each layer's time."""
    total = dict.fromkeys(layers, 0.0)
    for cell, value in side.items():
        if cell.layer is not None and value > 0.0:
            total[cell.layer] += value
    logs: Floats = np.log(np.maximum(np.array(list(total.values())), 1e-12))
    return logs


def _within(before: Profile, after: Profile, one: int | None, other: int | None) -> list[tuple[Cell, Cell]]:
    """Pairs inside one pair of layers, or outside of layers."""
    left = [cell for cell in before if cell.layer == one]
    right = [cell for cell in after if cell.layer == other]
    same = {structs.replace(cell, layer=other): cell for cell in left}
    pairs = [(same[cell], cell) for cell in right if cell in same]
    if len(pairs) == len(left) == len(right):
        return pairs
    if all(not cell.op for cell in (*left, *right)):
        return pairs
    return _ops(left, right)


def _ops(left: list[Cell], right: list[Cell]) -> list[tuple[Cell, Cell]]:
    """Operators by their kind in order; an equal name decides between neighbours of one kind."""
    kinds: dict[_Item, int] = {}
    one, other = (np.array([kinds.setdefault(_item(c, c.op), len(kinds)) for c in side]) for side in (left, right))
    names = [np.array([cell.op or "-" for cell in side], dtype=object) for side in (left, right)]
    alike = (one[:, None] == other[None, :]).astype(np.float64)
    if len(left) != len(right):
        alike *= 1.0 + (names[0][:, None] == names[1][None, :]) * _LIGHT / (1 + max(alike.shape))
    return [(left[row], right[column]) for row, column in aligned(alike)]
