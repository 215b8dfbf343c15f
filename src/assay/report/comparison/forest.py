"""The forest plot: each line's change with its intervals, on one scale. Positions are in per cent of the width."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.compare.words import change_text, effect_of, interval_text, percent_text
from assay.record.documents.comparison import ComparedLine, Comparison, Estimate
from assay.report.comparison.rows import tone_of
from assay.report.page.elements import Markup, element, joined

_LABELS = 30.0
_RIGHT = 86.0
"""Marks lie between these; left of them the names, right of them the numbers."""
_ROW = 24
_HEAD = 8
_FOOT = 26
_TOO_WIDE = 3.0
"""An interval that is so many times wider than the middle one is cut, so that the others can be seen."""


def forest(made: Comparison, lines: Sequence[ComparedLine], style: str = "", width: str = "100%") -> Markup:
    """The picture; ``style`` makes it one that stands alone."""
    known = [(line, effect) for line in lines if (effect := effect_of(line)) is not None]
    if not known:
        return Markup()
    low, high = _range([effect for _, effect in known], made.margin)
    height = _HEAD + _ROW * len(known) + _FOOT
    parts = [element("style", Markup(style))] if style else []
    parts += [element("title", made.headline), _margin(made.margin, low, high, height), *_axis(low, high, height)]
    parts += [_row(made, line, effect, number, (low, high)) for number, (line, effect) in enumerate(known)]
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        role="img",
        class_="forest",
        aria_label=f"changes with their intervals: {made.headline}",
    )


def _range(effects: Sequence[Estimate], margin: float) -> tuple[float, float]:
    """The ends of the scale: all intervals, or what is left when the widest are cut; zero and the margin are in it."""
    widths = sorted(effect.high - effect.low for effect in effects)
    most = _TOO_WIDE * widths[len(widths) // 2] + abs(margin)
    lows = [max(effect.low, effect.change - most) for effect in effects]
    highs = [min(effect.high, effect.change + most) for effect in effects]
    low, high = min(*lows, -1.5 * margin, 0.0), max(*highs, 1.5 * margin, 0.0)
    room = 0.04 * (high - low)
    return low - room, high + room


def _row(made: Comparison, line: ComparedLine, effect: Estimate, number: int, scale: tuple[float, float]) -> Markup:
    middle = _HEAD + _ROW * (number + 0.5)
    tone = tone_of(made, line)
    title = element("title", f"{line.label}: {change_text(line)}, {interval_text(effect)}; {line.reason}".strip("; "))
    low, high, wide_low, wide_high = (
        _place(value, scale) for value in (effect.low, effect.high, effect.low_together, effect.high_together)
    )
    parts = [
        element("text", _short(line.label), x="0", y=middle, dy="0.35em", class_=f"name {line.kind}"),
        element("line", x1=wide_low, x2=wide_high, y1=middle, y2=middle, class_=f"wide {tone}"),
        element("line", x1=low, x2=high, y1=middle, y2=middle, class_=f"interval {tone}"),
        element("circle", title, cx=_place(effect.change, scale), cy=middle, r=4.5, class_=f"point {tone}"),
        element("text", change_text(line), x="100%", y=middle, dy="0.35em", text_anchor="end", class_=f"number {tone}"),
    ]
    return joined(parts)


def _margin(margin: float, low: float, high: float, height: float) -> Markup:
    """The band inside which a change would not matter."""
    left, right = _share(-margin, (low, high)), _share(margin, (low, high))
    return element(
        "rect", x=f"{left:.3f}%", width=f"{right - left:.3f}%", y=0.0, height=height - _FOOT + 4.0, class_="margin"
    )


def _axis(low: float, high: float, height: float) -> list[Markup]:
    bottom = height - _FOOT + 4.0
    zero = _place(0.0, (low, high))
    found = [element("line", x1=zero, x2=zero, y1=0.0, y2=bottom, class_="zero")]
    for tick in ticks(low, high):
        place = _place(tick, (low, high))
        found.append(element("line", x1=place, x2=place, y1=bottom, y2=bottom + 4.0, class_="axis"))
        text = percent_text(tick).replace(".00", "") if tick else "0"
        found.append(element("text", text, x=place, y=bottom + 17.0, text_anchor="middle", class_="tick"))
    return found


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two ends, at most seven."""
    power = 10.0 ** math.floor(math.log10((high - low) / 4.0))
    step = next(step for step in (power, 2.0 * power, 5.0 * power, 10.0 * power) if (high - low) / step <= 6.0)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)]


def _place(value: float, scale: tuple[float, float]) -> str:
    return f"{_share(value, scale):.3f}%"


def _share(value: float, scale: tuple[float, float]) -> float:
    low, high = scale
    inside = min(max(value, low), high)
    return _LABELS + (inside - low) / (high - low) * (_RIGHT - _LABELS)


def _short(label: str, longest: int = 34) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1]}…"
