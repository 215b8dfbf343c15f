"""The roofline as SVG: operations per second against operations per byte, both in powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from assay.record.documents.inference.roofline import Roofline
from assay.record.documents.report import View
from assay.record.words.numbers import number_text, significant
from assay.report.page.elements import Markup, element, section, table

_WIDTH, _HEIGHT = 720.0, 360.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 70.0, 20.0, 12.0, 40.0
_SMALLEST, _LARGEST = 3.0, 14.0
_LISTED = 12


def roofs(view: View) -> Markup:
    """The section of the page; nothing for runs that counted no work."""
    found = view.roofline
    if found is None:
        return Markup()
    words = f"{found.left_out_share:.0%} of the time computes nothing, or its work is not known, and is not drawn. "
    note = "Each circle is an operator or step, as large as its share of the time; lines are this machine's ceilings."
    rows = [
        (
            point.name,
            f"{point.share:.1%}",
            significant(point.intensity_flop_per_byte),
            number_text(point.flops_per_s, "FLOP/s"),
        )
        for point in found.points[:_LISTED]
    ]
    return section(
        "Work under the machine's ceilings",
        element("div", picture(found), class_="picture"),
        element("p", words + note, class_="note"),
        table(("operator or step", "share", "operations per byte", "reached"), rows, class_="numbers"),
    )


def picture(found: Roofline) -> Markup:
    """The picture alone."""
    scale = _scale_of(found)
    parts = [*_grid(scale), *_roofs(found, scale), *_points(found, scale)]
    size = {"viewBox": f"0 0 {_WIDTH:g} {_HEIGHT:g}", "width": "100%"}
    return element("svg", *parts, **size, role="img", aria_label="operations per second against operations per byte")


@dataclass(frozen=True)
class _Scale:
    """Powers of ten at the picture's edges."""

    left: float
    right: float
    bottom: float
    top: float

    def x(self, intensity: float) -> float:
        """Place of an intensity."""
        part = (math.log10(intensity) - self.left) / (self.right - self.left)
        return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)

    def y(self, rate: float) -> float:
        """Place of a rate."""
        part = (math.log10(rate) - self.bottom) / (self.top - self.bottom)
        return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def _scale_of(found: Roofline) -> _Scale:
    """Edges that hold every point, and where the roofs bend."""
    bends = [peak.per_s / band.per_s for peak in found.peaks for band in found.bandwidths]
    across = [point.intensity_flop_per_byte for point in found.points] + bends
    up = [point.flops_per_s for point in found.points] + [peak.per_s for peak in found.peaks]
    return _Scale(
        left=math.floor(math.log10(min(across))),
        right=math.floor(math.log10(max(across))) + 1,
        bottom=math.floor(math.log10(min(up))),
        top=math.floor(math.log10(max(up))) + 1,
    )


def _grid(scale: _Scale) -> Iterator[Markup]:
    for power in range(int(scale.left), int(scale.right) + 1):
        x = scale.x(10.0**power)
        yield element("line", x1=x, x2=x, y1=_TOP, y2=_HEIGHT - _BOTTOM, class_="grid")
        yield element("text", f"{10.0**power:g}", x=x, y=_HEIGHT - _BOTTOM + 16, text_anchor="middle", class_="tick")
    for power in range(int(scale.bottom), int(scale.top) + 1):
        y = scale.y(10.0**power)
        yield element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        words = number_text(10.0**power, "FLOP/s").replace(".00", "").replace(".0", "")
        yield element("text", words, x=_LEFT - 6, y=y + 4, text_anchor="end", class_="tick")
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield element("text", "operations per byte", x=middle, y=_HEIGHT - 6, text_anchor="middle", class_="tick")


def _roofs(found: Roofline, scale: _Scale) -> Iterator[Markup]:
    highest = max((peak.per_s for peak in found.peaks), default=10.0**scale.top)
    for peak in found.peaks:
        y = scale.y(peak.per_s)
        yield element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="axis")
        yield element("text", peak.label, x=_WIDTH - _RIGHT, y=y - 4, text_anchor="end", class_="tick")
    for band in found.bandwidths:
        low = max(10.0**scale.left, 10.0**scale.bottom / band.per_s)
        high = min(10.0**scale.right, highest / band.per_s)
        if low < high:
            ends = {"x1": scale.x(low), "y1": scale.y(low * band.per_s)}
            yield element("line", **ends, x2=scale.x(high), y2=scale.y(high * band.per_s), class_="axis")
            yield element("text", band.label, x=scale.x(low) + 4, y=scale.y(low * band.per_s) - 6, class_="tick")


def _points(found: Roofline, scale: _Scale) -> Iterator[Markup]:
    largest = max(point.share for point in found.points)
    for point in reversed(found.points):
        radius = max(_SMALLEST, _LARGEST * math.sqrt(point.share / largest))
        words = (
            f"{point.name}: {number_text(point.flops_per_s, 'FLOP/s')} at "
            f"{significant(point.intensity_flop_per_byte)} operations per byte, {point.share:.1%} of the time"
        )
        place = {"cx": scale.x(point.intensity_flop_per_byte), "cy": scale.y(point.flops_per_s)}
        yield element("circle", element("title", words), **place, r=radius, class_="side0")
