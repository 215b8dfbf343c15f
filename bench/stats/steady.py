"""``python -m bench.stats.steady [--seed N] [-o FILE.md]``: steady states found in 240 labelled series."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from assay.stats.steady import Settling, settled_by_variation, steady_state
from bench.stats.series import SHAPES, Labelled, labelled_series
from bench.table import markdown_table, text_table

_HEAD = ("shape", "is", "right", "by variation")


def main(arguments: list[str] | None = None) -> int:
    """Judge every series; exit status 1 where fewer than 95 % are right, or 90 % of those that are never steady."""
    parser = argparse.ArgumentParser(prog="python -m bench.stats.steady", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the series")
    parser.add_argument("-o", "--output", type=Path, help="also write the table as Markdown")
    options = parser.parse_args(arguments)
    series = list(labelled_series(options.seed))
    rows = []
    for shape, (_, settling) in SHAPES.items():
        own = [one for one in series if one.shape == shape]
        simple = sum(settling is Settling.STEADY and _near(one, settled_by_variation(one.values)) for one in own)
        rows.append((shape, settling.value, f"{sum(map(is_right, own))} of {len(own)}", f"{simple} of {len(own)}"))
    right = sum(map(is_right, series)) / len(series)
    restless = [one for one in series if one.settling is Settling.NEVER]
    seen = sum(steady_state(one.values).settling is Settling.NEVER for one in restless) / len(restless)
    total = f"{right:.1%} of {len(series)} right; {seen:.1%} of {len(restless)} that are never steady recognised"
    sys.stdout.write(text_table(_HEAD, rows) + "\n" + total + "\n")
    if options.output:
        options.output.write_text(markdown_table(_HEAD, rows) + "\n" + total + "\n", encoding="utf-8")
    return 0 if right >= 0.95 and seen >= 0.90 else 1


def is_right(one: Labelled) -> bool:
    """Whether the answer is the label, and the warm-up ends where it does."""
    found = steady_state(one.values)
    return found.settling is one.settling and (one.settling is not Settling.STEADY or _near(one, found.start))


def _near(one: Labelled, start: int | None) -> bool:
    """Not before the end of the warm-up by more than a few repetitions, nor long after it."""
    if start is None or one.start is None:
        return False
    return one.start - 3 <= start <= one.start + max(5, len(one.values) // 10)


if __name__ == "__main__":
    sys.exit(main())
