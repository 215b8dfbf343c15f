"""Pictures of a history: a line of blocks for the terminal, and a curve with its levels for pages."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.documents.history import History, HistorySeries
from assay.record.words.numbers import number_text
from assay.report.page.elements import Markup, element, joined

_BLOCKS = "▁▂▃▄▅▆▇█"
_GAP = "·"
_LEFT, _RIGHT = 2.0, 98.0
_HEIGHT = 150
_PAD = 12.0


def spark(values: Sequence[float | None], width: int = 60) -> str:
    """The last numbers as blocks, lowest to highest; a run without a number is a dot."""
    shown = list(values)[-width:]
    known = [value for value in shown if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    span = high - low
    return "".join(
        _GAP if value is None else _BLOCKS[int((value - low) / span * (len(_BLOCKS) - 1) + 0.5) if span else 0]
        for value in shown
    )


def curve(made: History, series: HistorySeries) -> Markup:
    """Every run a mark, every level a line, and a rule where it moved."""
    known = [(number, value) for number, value in enumerate(series.values) if value is not None]
    if not known:
        return Markup()
    values = [value for _, value in known]
    low, high = min(values), max(values)
    scale = (low, high if high > low else low + 1.0)
    count = len(series.values)
    marks = [
        element(
            "circle",
            element("title", f"{made.runs[number].id} {made.runs[number].revision}: {number_text(value, made.unit)}"),
            cx=_across(number, count),
            cy=_down(value, scale),
            r=4.0,
            class_="side1",
        )
        for number, value in known
    ]
    drawing = element(
        "svg",
        *_levels(series, scale, count),
        *marks,
        width="100%",
        height=_HEIGHT,
        role="img",
        aria_label=f"{series.label} over {count} runs",
    )
    ends = element("p", f"from {number_text(low, made.unit)} to {number_text(high, made.unit)}", class_="note")
    return joined((element("h3", series.label), drawing, ends))


def _levels(series: HistorySeries, scale: tuple[float, float], count: int) -> list[Markup]:
    drawn = []
    for number, change in enumerate(series.changes):
        place = _across(change.index - 0.5, count)
        tone = "bad" if change.worse else "good"
        drawn.append(element("line", x1=place, x2=place, y1=0.0, y2=_HEIGHT, class_=f"moved {tone}"))
        start = series.changes[number - 1].index - 0.5 if number else -0.5
        drawn.append(_level(start, change.index - 0.5, change.before, scale, count))
    if series.changes:
        last = series.changes[-1]
        drawn.append(_level(last.index - 0.5, count - 0.5, last.after, scale, count))
    return drawn


def _level(start: float, end: float, value: float, scale: tuple[float, float], count: int) -> Markup:
    height = _down(value, scale)
    return element("line", x1=_across(start, count), x2=_across(end, count), y1=height, y2=height, class_="middle")


def _across(number: float, count: int) -> str:
    return f"{_LEFT + (number + 0.5) / max(1, count) * (_RIGHT - _LEFT):.3f}%"


def _down(value: float, scale: tuple[float, float]) -> float:
    low, high = scale
    return _HEIGHT - _PAD - (value - low) / (high - low) * (_HEIGHT - 2.0 * _PAD)
