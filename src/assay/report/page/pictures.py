"""Small pictures in SVG, positioned in per cent, so that they follow the page's width and their text keeps its size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.record.base import Missing
from assay.record.documents.report import Curve, Side
from assay.record.words.numbers import number_text
from assay.report.numbers import name_beside_label
from assay.report.page.elements import Markup, element, joined

_LEFT, _RIGHT = 1.5, 96.0
"""The drawing area, in per cent of the width; the rest is room for the last label."""
_STRIP_HEIGHT = 30
_BAR_HEIGHT = 22
_CURVE_HEIGHT = 170
_PARTS = (
    ("user", "processor, program"),
    ("system", "processor, kernel"),
    ("waiting", "waiting, also for a free processor"),
)


def wall_times(sides: Sequence[Side]) -> Markup:
    """Every run's wall time as a mark, one strip per side, on one scale that starts at zero."""
    known = [[run.wall_s.value for run in side.runs if not isinstance(run.wall_s, Missing)] for side in sides]
    everything = [value for values in known for value in values]
    if not everything:
        return Markup()
    end, ticks = scale(max(everything))
    strips = [
        joined((_label(index, side), _strip(index, side, values, end)))
        for index, (side, values) in enumerate(zip(sides, known, strict=True))
    ]
    return element("div", *strips, _axis(ticks, end, "s"), class_="picture")


def seconds(sides: Sequence[Side]) -> Markup:
    """Where each second went: one bar per side, in proportion."""
    known = [side for side in sides if side.split is not None]
    if not known:
        return Markup()
    end, ticks = scale(max(side.split.wall_s for side in known if side.split is not None))
    bars = [joined((_label(sides.index(side), side), _bar(side, end))) for side in known]
    legend = [element("span", element("i", class_=f"swatch {part}"), words) for part, words in _PARTS]
    return element("div", *bars, _axis(ticks, end, "s"), element("p", *legend, class_="legend"), class_="picture")


def memory(sides: Sequence[Side]) -> Markup:
    """Resident memory over time of each side's middle run, both axes from zero."""
    curves = [(index, side.curve) for index, side in enumerate(sides) if side.curve is not None]
    if not curves:
        return Markup()
    end_s, ticks_s = scale(max(max(curve.time_s) for _, curve in curves))
    end_bytes, ticks_bytes = scale(max(max(curve.values) for _, curve in curves) / 2**20)
    lines = [_curve(index, curve, end_s, end_bytes * 2**20) for index, curve in curves]
    grid = [_grid_line(tick, end_bytes) for tick in ticks_bytes]
    drawing = element(
        "svg", *grid, *lines, width="100%", height=_CURVE_HEIGHT, role="img", aria_label="resident memory over time"
    )
    labels = [_label(index, sides[index]) for index, _ in curves]
    return element("div", *labels, drawing, _axis(ticks_s, end_s, "s"), class_="picture")


def scale(largest: float) -> tuple[float, list[float]]:
    """The end of an axis from zero that holds ``largest``, and at most six round ticks on it."""
    if largest <= 0.0 or not math.isfinite(largest):
        return 1.0, [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(largest / 4.0))
    step = next(step for step in (power, 2.0 * power, 2.5 * power, 5.0 * power, 10.0 * power) if largest / step <= 5.0)
    count = math.ceil(largest / step - 1e-9)
    return count * step, [index * step for index in range(count + 1)]


def _label(index: int, side: Side) -> Markup:
    mark = element("i", class_=f"mark side{index % 4}")
    return element("p", mark, element("b", side.label), name_beside_label(side), class_="label")


def _strip(index: int, side: Side, values: Sequence[float], end: float) -> Markup:
    middle = _STRIP_HEIGHT / 2
    marks = [
        element(
            "circle",
            element("title", number_text(value, "s")),
            cx=_percent(value / end),
            cy=middle,
            r=5.0,
            class_=f"side{index % 4}",
        )
        for value in values
    ]
    base = _horizontal(middle)
    words = f"wall time of {len(values)} runs of {side.label}"
    return element("svg", base, *marks, width="100%", height=_STRIP_HEIGHT, role="img", aria_label=words)


def _bar(side: Side, end: float) -> Markup:
    split = side.split
    if split is None:
        return Markup()
    parts, start = [], 0.0
    for name, length in (("user", split.user_s), ("system", split.system_s), ("waiting", split.waiting_s)):
        width = f"{length / end * (_RIGHT - _LEFT):.3f}%"
        title, left = element("title", f"{name}: {number_text(length, 's')}"), _percent(start / end)
        parts.append(element("rect", title, x=left, y=0.0, width=width, height=_BAR_HEIGHT, class_=name))
        start += length
    words = f"where the time of {side.label} went"
    return element("svg", *parts, width="100%", height=_BAR_HEIGHT, role="img", aria_label=words)


def _curve(index: int, curve: Curve, end_s: float, end_value: float) -> Markup:
    """The line in a box that is stretched to the drawing area; its stroke is not."""
    points = " ".join(
        f"{time / end_s * 1000:.1f},{1000 - value / end_value * 1000:.1f}"
        for time, value in zip(curve.time_s, curve.values, strict=True)
    )
    line = element("polyline", points=points, class_=f"side{index % 4}", vector_effect="non-scaling-stroke")
    return element(
        "svg",
        line,
        x=f"{_LEFT}%",
        width=f"{_RIGHT - _LEFT}%",
        height="100%",
        viewBox="0 0 1000 1000",
        preserveAspectRatio="none",
    )


def _grid_line(tick_mib: float, end_mib: float) -> Markup:
    height = f"{100.0 - tick_mib / end_mib * 100.0:.2f}%"
    line = element("line", x1=_percent(0.0), x2=_percent(1.0), y1=height, y2=height, class_="grid")
    if tick_mib in (0.0, end_mib):
        # half of these labels would lie outside of the picture
        return line if tick_mib == 0.0 else joined((line, _tick_text(tick_mib, height, dy="1em")))
    return joined((line, _tick_text(tick_mib, height, dy="-0.3em")))


def _tick_text(tick_mib: float, height: str, dy: str) -> Markup:
    # at the right end, which a curve that begins at the left seldom reaches
    return element("text", f"{tick_mib:g} MiB", x="100%", y=height, dy=dy, class_="tick", text_anchor="end")


def _axis(ticks: Sequence[float], end: float, unit: str) -> Markup:
    texts = [
        element(
            "text",
            _tick_words(tick, unit),
            x=_percent(tick / end),
            y=15.0,
            class_="tick",
            text_anchor="start" if tick == 0 else "end" if tick == ticks[-1] else "middle",
        )
        for tick in ticks
    ]
    marks = [element("line", x1=_percent(t / end), x2=_percent(t / end), y1=0.0, y2=4.0, class_="axis") for t in ticks]
    return element("svg", _horizontal(0.5), *marks, *texts, width="100%", height=20.0, aria_hidden="true")


def _tick_words(tick: float, unit: str) -> str:
    """A round number without the zeros that a measured one would keep."""
    number, _, name = number_text(tick, unit).partition(" ")
    short = number.rstrip("0").rstrip(".") if "." in number else number
    return f"{short} {name}" if tick else "0"


def _horizontal(height: float) -> Markup:
    return element("line", x1=_percent(0.0), x2=_percent(1.0), y1=height, y2=height, class_="axis")


def _percent(share: float) -> str:
    return f"{_LEFT + share * (_RIGHT - _LEFT):.3f}%"
