"""The order of the cells inside each cycle. Cycles come one after another, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import chain, zip_longest

Order = list[int]
"""Numbers of the cells, in the order in which they are made."""


def order_of(kind: str, groups: Sequence[str], cycle: int, seed: int) -> Order:
    """The order of one cycle; ``groups`` names the group of each cell.

    All but the Latin square are drawn anew for every cycle, so that cells of one cycle can be compared as those of a
    randomised block.
    """
    if kind == "latin_square":
        return _latin_row(len(groups), cycle)
    drawn = _shuffled(len(groups), cycle, seed)
    if kind == "shuffled":
        return drawn
    gathered = _by_group(groups, drawn)
    return list(chain.from_iterable(gathered)) if kind == "grouped" else _in_turn(gathered)


def _in_turn(gathered: Sequence[Sequence[int]]) -> Order:
    """One cell of each group in turn, so that no group has the machine for itself for long."""
    return [number for turn in zip_longest(*gathered) for number in turn if number is not None]


def _shuffled(cells: int, cycle: int, seed: int) -> Order:
    source = random.Random(f"{seed}/{cycle}")  # noqa: S311 - an order that can be repeated, not a secret
    return source.sample(range(cells), cells)


def _latin_row(cells: int, cycle: int) -> Order:
    """A row of a Williams square: over as many cycles as cells, every cell comes once in every place.

    With an even number of cells each also follows each other once; with an odd number, in twice as many cycles,
    of which every second block is the first one reversed.
    """
    forth = [number // 2 if number % 2 == 0 else cells - (number + 1) // 2 for number in range(cells)]
    row, block = cycle % cells, cycle // cells
    shifted = [(number + row) % cells for number in forth]
    return shifted[::-1] if cells % 2 and block % 2 else shifted


def _by_group(groups: Sequence[str], drawn: Order) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for number in drawn:
        found.setdefault(groups[number], []).append(number)
    return list(found.values())
