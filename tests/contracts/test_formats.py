"""What every report format keeps, whoever wrote it."""

from __future__ import annotations

import pytest

from assay.record.enums import Status
from assay.record.plan import Position
from assay.report import FORMATS, Format, View, render, view_of
from tests.makers import make_run
from tests.report.views import compared_view, hostile_view

NAMES = FORMATS.names()


def _views() -> dict[str, View]:
    single = make_run(position=Position())
    failed = make_run(position=Position(), status=Status.TIMED_OUT, status_reason="stopped after 1 s", metrics=())
    return {
        "single": view_of([single]),
        "failed": view_of([failed]),
        "compared": compared_view(next_steps=("assay doctor",)),
        "hostile": hostile_view(),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_format_names_itself_and_endings_of_its_own(name: str) -> None:
    plugin: Format = FORMATS.load(name)
    assert plugin.name == name
    others = {ending for other in NAMES if other != name for ending in FORMATS.load(other).suffixes}
    assert plugin.suffixes
    assert not set(plugin.suffixes) & others
    assert all(ending.startswith(".") and ending == ending.lower() for ending in plugin.suffixes)
    assert "/" in plugin.media_type


@pytest.mark.parametrize("view", ["single", "failed", "compared", "hostile"])
@pytest.mark.parametrize("name", NAMES)
def test_the_same_view_gives_the_same_whole_text(name: str, view: str) -> None:
    shown = _views()[view]
    text = render(shown, name)
    assert text == render(shown, name)
    assert text.endswith("\n")
    assert text.encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_control_character_reaches_the_reader(name: str) -> None:
    text = render(hostile_view(), name)
    assert not {"\x1b", "\x00", "\u202e", "\x07"} & set(text)


@pytest.mark.parametrize("name", NAMES)
def test_an_estimate_and_a_gap_never_look_like_measurements(name: str) -> None:
    text = render(_views()["single"], name)
    assert "estimated" in text
    assert "tdp-times-utilisation" in text
    assert "the target does not stream" in text


@pytest.mark.parametrize("name", [name for name in NAMES if name != "csv"])
def test_quality_flags_come_before_numbers(name: str) -> None:
    text = render(_views()["single"], name)
    if name == "html":
        text = text[text.index("<body>") :]
    assert text.index("Others worked too.") < text.index("cpu_s")
