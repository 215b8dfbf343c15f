from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring

import msgspec

from assay.record.documents.inference.roofline import Roofline, RooflineCeiling, RooflinePoint
from assay.report.rooflines.picture import picture, roofs
from tests.report.views import compared_view

FOUND = Roofline(
    points=tuple(
        RooflinePoint(name=f"<op {place}>", intensity_flop_per_byte=10.0**place, flops_per_s=1e8 * 10**place, share=0.2)
        for place in range(-2, 3)
    ),
    peaks=(RooflineCeiling(label="fp32", per_s=2e11),),
    bandwidths=(RooflineCeiling(label="L1", per_s=4e11), RooflineCeiling(label="DRAM", per_s=2e10)),
    left_out_share=0.0,
)


def test_points_lie_inside_and_higher_rates_lie_higher() -> None:
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', picture(FOUND))
    places = sorted((float(x), float(y)) for x, y in circles)
    assert len(places) == 5
    assert all(70 <= x <= 700 and 12 <= y <= 320 for x, y in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)


def test_the_picture_is_sound_and_names_are_escaped() -> None:
    root = fromstring(picture(FOUND))  # noqa: S314 -- our own
    assert root.tag == "svg"
    assert "<op" not in picture(FOUND)


def test_the_section_is_left_out_where_nothing_was_counted() -> None:
    assert roofs(compared_view()) == ""
    assert "ceilings" in roofs(msgspec.structs.replace(compared_view(), roofline=FOUND))
