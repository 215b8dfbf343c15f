"""``python -m bench.compare.same_as_peers``: do the rules of ``peers`` say what pyperf and asv themselves say?

Both are asked about every cell of simulated pairs, if they are installed (``pip install pyperf asv``). Printed is how
many cells were asked about, and in how many the answers differ.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator

import numpy as np

from assay.stats.comparison import Measurements
from bench.compare.peers import RULES
from bench.compare.scenarios import WITHOUT_CHANGE
from bench.compare.score import draw

_SCENARIOS = ("independent tokens", "realistic", "coarse clock", "unequal n and variance")
_PAIRS = 5


def main() -> int:
    """Ask both and print; 1 where an answer differs."""
    differing = 0
    for name, asks in (("pyperf", _ask_pyperf), ("asv", _ask_asv)):
        try:
            ask = asks()
        except ImportError as error:
            sys.stdout.write(f"{name}: not installed ({error})\n")
            continue
        same = [ask(old, new) == ours for old, new, ours in _cells(name)]
        differing += same.count(False)
        sys.stdout.write(f"{name}: {len(same)} cells, {same.count(False)} answered differently\n")
    return int(differing > 0)


def _cells(rule: str) -> Iterator[tuple[list[float], list[float], bool]]:
    """Values of both sides of each cell, and what our rule calls them."""
    for scenario in WITHOUT_CHANGE:
        for seed in range(_PAIRS if scenario.name in _SCENARIOS else 0):
            before, after = draw(scenario, seed)
            called = RULES[rule](before, after, np.random.default_rng(seed))
            for cell, ours in enumerate(called.tolist()):
                yield _values(before, cell), _values(after, cell), ours


def _values(side: Measurements, cell: int) -> list[float]:
    values: list[float] = side.durations[:, cell].reshape(-1).tolist()
    return values


def _ask_pyperf() -> Callable[[list[float], list[float]], bool]:
    rule = importlib.import_module("pyperf._utils").is_significant

    def ask(old: list[float], new: list[float]) -> bool:
        try:
            return bool(rule(old, new)[0])
        except ValueError:
            # its command takes an error for a significant difference
            return True

    return ask


def _ask_asv() -> Callable[[list[float], list[float]], bool]:
    statistics = importlib.import_module("asv._stats")

    def ask(old: list[float], new: list[float]) -> bool:
        first, second = float(np.median(old)), float(np.median(new))
        far = second < first / 1.1 or first < second / 1.1
        return far and bool(statistics.is_different(old, new, None, None))

    return ask


if __name__ == "__main__":
    sys.exit(main())
