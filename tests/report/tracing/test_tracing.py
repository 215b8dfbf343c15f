"""A trace's report as Markdown and as a page: the same numbers, nothing of a stranger's text as markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.record.documents.inference.trace import TraceReport
from assay.report.tracing import html, markdown
from assay.report.tracing.rows import HEADINGS, facts, step_rows, uncovered_row, verdict
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from tests.trace.analysis.test_honesty import divided, measured
from tests.trace.makers import decoded, event, write

HOSTILE = "<script>alert(1)</script>|*[x](https://e.org)"


def report(tmp_path: Path, events: list[dict[str, object]], **facts_: object) -> TraceReport:
    path = write(tmp_path / "t.jsonl", events, **facts_)
    return summarise(open_trace(path), path, None)


def test_every_row_has_a_cell_for_each_heading(tmp_path: Path) -> None:
    found = report(tmp_path, measured(0))
    rows = [*step_rows(found.steps), *step_rows(found.layers), uncovered_row(found)]
    assert {len(row) for row in rows} == {len(HEADINGS)}
    assert all(name and value for name, value in facts(found))


def test_a_divided_trace_is_said_to_be_not_measured_before_anything_else(tmp_path: Path) -> None:
    found = report(tmp_path, divided(measured(0), lambda _: 1.0, 0.0))
    assert verdict(found)[0].startswith("Not measured: ")
    assert markdown.render(found).splitlines()[2].startswith("**Not measured")
    assert "Not measured: " in html.render(found)


@pytest.mark.parametrize("render", [markdown.render, html.render])
def test_text_of_strangers_is_no_markup(tmp_path: Path, render: object) -> None:
    found = report(tmp_path, [event(HOSTILE, 0, 5, layer=1)], model=HOSTILE)
    text = render(found)  # type: ignore[operator]
    assert "<script>alert" not in text
    assert "[x](https://e.org)" not in text or render is html.render


def test_what_is_not_known_says_why_and_is_never_zero(tmp_path: Path) -> None:
    values = dict(facts(report(tmp_path, [event("Tokenize", 0, 5)])))
    assert values["first token after"] == "not measured: no event names a token"
    assert values["keys and values"].startswith("not measured: ")
    assert values["per output token"].startswith("not measured: ")


def test_both_tell_the_same_steps(tmp_path: Path) -> None:
    found = report(tmp_path, decoded())
    for text in (markdown.render(found), html.render(found)):
        assert all(word in text for word in ("Attention", "FFN", "Sample", "(no step)", "Every layer"))
