"""Distributions: what every unit measured, one strip per side, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from assay.record.documents.comparison import ComparedLine, Comparison
from assay.record.words.numbers import number_text
from assay.report.page.elements import Markup, element, joined

_LEFT, _RIGHT = 2.0, 98.0
_HEIGHT = 26


def strips(made: Comparison, line: ComparedLine) -> Markup:
    """Both sides of a line, each mark a unit; nothing where there is nothing to draw."""
    sides = ((0, "baseline", line.before_values), (1, "candidate", line.after_values))
    everything = [value for _, _, values in sides for value in values]
    if not everything:
        return Markup()
    low, high = min(everything), max(everything)
    scale = (low, high if high > low else low + 1.0)
    drawn = [_strip(made, number, name, values, scale) for number, name, values in sides]
    ends = element(
        "p",
        f"from {number_text(low, made.unit)} to {number_text(high, made.unit)}; the bar is the middle",
        class_="note",
    )
    return joined((element("h3", line.label), *drawn, ends))


def _strip(made: Comparison, number: int, name: str, values: Sequence[float], scale: tuple[float, float]) -> Markup:
    middle = _HEIGHT / 2
    marks = [
        element(
            "circle",
            element("title", number_text(value, made.unit)),
            cx=_place(value, scale),
            cy=middle,
            r=5.0,
            class_=f"side{number}",
        )
        for value in values
    ]
    center = _place(median(values), scale) if values else "0%"
    bar = element("line", x1=center, x2=center, y1=1.0, y2=_HEIGHT - 1.0, class_="middle")
    base = element("line", x1=f"{_LEFT}%", x2=f"{_RIGHT}%", y1=middle, y2=middle, class_="axis")
    label = element(
        "p", element("i", class_=f"mark side{number}"), f"{name}, {len(values)} {_unit(made)}s", class_="label"
    )
    words = f"{len(values)} units of the {name}"
    drawing = element("svg", base, *marks, bar, width="100%", height=_HEIGHT, role="img", aria_label=words)
    return joined((label, drawing))


def _unit(made: Comparison) -> str:
    return made.design.unit if made.design is not None else "unit"


def _place(value: float, scale: tuple[float, float]) -> str:
    low, high = scale
    return f"{_LEFT + (value - low) / (high - low) * (_RIGHT - _LEFT):.3f}%"
