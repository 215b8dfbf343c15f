from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest

from assay.compare.asked import Asked
from assay.compare.compare import compare
from assay.errors import UsageError
from assay.record.documents.comparison import Comparison, Outcome
from assay.report.comparison.basis import basis, unmatched, warnings
from assay.report.comparison.forest import forest, ticks
from assay.report.comparison.format import FORMATS, comparison_format_for, render_comparison
from assay.report.comparison.rows import all_lines, row_of, telling_lines, tone_of
from assay.report.comparison.strips import strips
from tests.compare.made import Maker, with_cpu
from tests.makers import make_environment
from tests.report.views import HOSTILE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    sides = Maker(folder=tmp_path_factory.mktemp("made"), factors={(2, "FFN"): 0.9, (1, "Attention"): 1.1}).sides()
    return compare(*sides, Asked(claims=("layer=2 step=FFN -5%", "layer=1 step=FFN -5%")))


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    slow, fast = (with_cpu(make_environment(), governor=name) for name in ("powersave", "performance"))
    maker = Maker(folder=tmp_path_factory.mktemp("refused"), blocks=1, layers=1, environment=slow)
    return compare(*maker.sides(environment=fast), Asked())


def _hostile(made: Comparison) -> Comparison:
    """The same with names that anybody may have given."""
    side = msgspec.structs.replace(made.candidate, name=HOSTILE, command=HOSTILE)
    cells = tuple(msgspec.structs.replace(line, label=HOSTILE) for line in made.cells)
    claims = tuple(msgspec.structs.replace(one, claim=HOSTILE) for one in made.claims)
    changes = {"candidate": side, "cells": cells, "claims": claims, "notes": (HOSTILE,), "differs": (HOSTILE,)}
    return msgspec.structs.replace(made, headline=HOSTILE, **changes)


@pytest.mark.parametrize("name", FORMATS.names())
def test_every_format_says_the_same_twice_and_has_an_ending_of_its_own(made: Comparison, name: str) -> None:
    plugin = FORMATS.load(name)
    assert render_comparison(made, name) == render_comparison(made, name)
    assert [comparison_format_for(f"x{suffix}") for suffix in plugin.suffixes] == [name] * len(plugin.suffixes)
    assert plugin.media_type


@pytest.mark.parametrize("name", FORMATS.names())
def test_what_can_not_be_compared_is_told_in_every_format(refused: Comparison, name: str) -> None:
    text = render_comparison(refused, name)
    assert text if name == "csv" else "governor" in text


@pytest.mark.parametrize("name", ["html", "svg", "junit"])
def test_names_of_strangers_are_no_markup(made: Comparison, name: str) -> None:
    text = render_comparison(_hostile(made), name)
    assert "<script" not in text
    assert "\x1b" not in text
    if name != "html":
        assert ET.fromstring(text) is not None  # noqa: S314 - our own text


def test_markdown_leads_with_the_verdict_and_escapes_names(made: Comparison) -> None:
    assert render_comparison(made, "markdown").startswith("### ❌ Refuted\n\n**“layer=1 step=FFN")
    text = render_comparison(_hostile(made), "markdown")
    assert "<script>" not in text.replace("`", "") or "\\<script" in text
    assert "[a](http" not in re.sub(r"`+[^`]*`+", "", text)


def test_the_html_page_loads_nothing_and_is_well_formed(made: Comparison) -> None:
    class Checker(HTMLParser):
        open: list[str]

        def __init__(self) -> None:
            super().__init__()
            self.open = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert not {"src", "href"} & {name for name, _ in attrs}
            if tag not in ("meta", "br", "hr", "input"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    checker = Checker()
    text = render_comparison(made, "html")
    checker.feed(text)
    assert checker.open == []
    assert "default-src &#x27;none&#x27;" in text
    assert "decode layer 2 FFN" in text
    assert text.count("<circle") > 2 * 8


def test_junit_fails_what_became_worse_and_skips_what_is_undecided(made: Comparison) -> None:
    [suite] = ET.fromstring(render_comparison(made, "junit"))  # noqa: S314 - our own text
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert cases["verdict"].find("failure") is not None
    assert cases["decode layer 1 Attention"].find("failure") is not None
    assert cases["decode layer 2 FFN"].find("failure") is None
    assert int(suite.get("tests", "0")) == len(cases)
    assert int(suite.get("failures", "0")) == sum(case.find("failure") is not None for case in cases.values())


def test_numbers_in_csv_and_json_are_as_they_are(made: Comparison) -> None:
    rows = list(csv.DictReader(io.StringIO(render_comparison(made, "csv"))))
    assert [row["label"] for row in rows] == [line.label for line in all_lines(made)]
    assert made.total is not None
    assert float(rows[0]["before"]) == made.total.before
    assert json.loads(render_comparison(made, "json")) == json.loads(msgspec.json.encode(made))


def test_the_picture_has_a_row_for_every_line_and_cuts_what_is_too_wide(made: Comparison) -> None:
    lines = telling_lines(made, 40)
    drawing = ET.fromstring(forest(made, lines, "x{}", "900"))  # noqa: S314 - our own text
    tag = "{http://www.w3.org/2000/svg}"
    assert len(drawing.findall(f"{tag}circle")) == len(lines)
    shares = [float(circle.get("cx", "").rstrip("%")) for circle in drawing.iter(f"{tag}circle")]
    assert all(30.0 <= share <= 86.0 for share in shares)
    assert forest(made, []) == ""
    assert ticks(-0.055, 0.021) == pytest.approx([-0.04, -0.02, 0.0, 0.02])


def test_what_is_shown_comes_before_the_closest_of_the_rest(made: Comparison) -> None:
    lines = telling_lines(made, 6)
    assert len(lines) >= 4
    shown = {line.label for line in lines if line.verdict is Outcome.CORROBORATED}
    assert {"decode layer 2 FFN", "decode layer 1 Attention"} <= shown
    by_label = {line.label: line for line in lines}
    assert tone_of(made, by_label["decode layer 1 Attention"]) == "bad"
    row = row_of(made, by_label["decode layer 2 FFN"])
    assert (row.verdict, row.change[0], row.difference[0]) == ("less", "−", "−")
    assert "<circle" in strips(made, by_label["decode layer 2 FFN"])


def test_what_it_rests_on_is_said(made: Comparison) -> None:
    said = " ".join(basis(made))
    assert "8 randomised blocks" in said
    assert "5 % for any false claim" in said
    noted = msgspec.structs.replace(made, notes=("look here",), only_before=(made.cells[0].cell,))
    assert "look here" in list(warnings(noted))
    assert "only in the baseline" in " ".join(unmatched(noted))


def test_an_ending_that_no_format_has_is_refused() -> None:
    with pytest.raises(UsageError, match=r"\.pdf"):
        comparison_format_for(str(Path("x.pdf")))
