"""Results as plain text and as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from assay.stats.median import MedianInterval
from bench.harness import Call, Figure, Measured

RATIO_HEAD = ("what", "ours", "peer", "which peer", "ours / peer", "95 % interval", "reads")
FIGURE_HEAD = ("figure", "measured", "bar")


def ratio_rows(results: Sequence[Measured]) -> list[tuple[str, ...]]:
    """One row per pair."""
    return [_ratio_row(result) for result in results]


def figure_rows(figures: Sequence[Figure]) -> list[tuple[str, ...]]:
    """One row per figure."""
    return [(figure.name, f"{figure.value:.4g} {figure.unit}", figure.bar or "none") for figure in figures]


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns lined up by blanks."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same as a Markdown table."""
    rule = ["---"] * len(head)
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in (head, rule, *rows))


def _ratio_row(result: Measured) -> tuple[str, ...]:
    ratio, pair = result.ratio(), result.pair
    interval = ratio.reason if ratio.low is None else f"{ratio.low:.3g} to {ratio.high:.3g}"
    ours, peer = (f"{_median(calls):.4g} {pair.unit}" for calls in (result.ours, result.peer))
    return pair.name, ours, peer, pair.peer.name, f"{ratio.median:.3g}", interval, _reading(ratio)


def _median(calls: Sequence[Call]) -> float:
    return statistics.median(call.value for call in calls)


def _reading(ratio: MedianInterval) -> str:
    """Words for the ratio; less is better for every quantity that is compared here."""
    if ratio.low is None or ratio.high is None:
        return "too few blocks"
    if ratio.high < 1:
        return "ours is less"
    return "ours is more" if ratio.low > 1 else "no difference shown"
