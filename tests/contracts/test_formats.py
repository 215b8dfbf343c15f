"""What every report format keeps, whoever wrote it."""

from __future__ import annotations

import pytest

from assay.record.enums import Status
from assay.record.plan import Position
from assay.report import FORMATS, Format, View, render, view_of
from tests.makers import make_run
from tests.report.views import compared_view, diagnosed_view, hostile_view

NAMES = FORMATS.names()


def _views() -> dict[str, View]:
    single = make_run(position=Position())
    failed = make_run(position=Position(), status=Status.TIMED_OUT, status_reason="stopped after 1 s", metrics=())
    return {
        "single": view_of([single]),
        "failed": view_of([failed]),
        "compared": compared_view(next_steps=("assay doctor",)),
        "diagnosed": diagnosed_view(),
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


@pytest.mark.parametrize("view", ["single", "failed", "compared", "diagnosed", "hostile"])
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


@pytest.mark.parametrize("name", NAMES)
def test_a_cause_comes_with_its_place_and_its_share(name: str) -> None:
    text = render(_views()["diagnosed"], name)
    for words in ("list_as_set" if name in {"csv", "json"} else "It searches a list", "job.py"):
        assert words in text
    assert "0.5" in text or "50%" in text


@pytest.mark.parametrize("name", [name for name in NAMES if name != "csv"])
def test_what_was_seen_stands_apart_from_what_it_means_and_what_is_doubted(name: str) -> None:
    text = render(_views()["diagnosed"], name).lower()
    order = [text.index(word) for word in ("observation", "interpretation", "uncertainty")]
    assert order == sorted(order)
    assert "halve the list" in " ".join(text.split())
    assert "blind" in text or "1 pattern was not evaluated" in text


@pytest.mark.parametrize("name", NAMES)
def test_without_a_diagnosis_nothing_is_said_about_causes(name: str) -> None:
    text = render(_views()["single"], name)
    assert "Why it took its time" not in text
    assert "cause" not in text.lower().partition("</style>")[2]
