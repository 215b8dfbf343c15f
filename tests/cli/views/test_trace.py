from __future__ import annotations

from pathlib import Path

from assay.cli.terminal.style import paint
from assay.cli.views.trace import trace_lines
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from tests.trace.makers import decoded, event, write


def text(tmp_path: Path, events: list[dict[str, object]], width: int | None = None) -> str:
    path = write(tmp_path / "t.jsonl", events)
    return "\n".join(paint(line, color=False) for line in trace_lines(summarise(open_trace(path), path, None), width))


def test_a_percentile_that_is_not_stated_is_a_dash(tmp_path: Path) -> None:
    row = next(line for line in text(tmp_path, decoded()).splitlines() if line.startswith("FFN"))
    assert row.split()[4:7] == ["µs", "-", "-"]


def test_escapes_in_names_never_reach_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in text(tmp_path, [event("FFN\u202e", 0, 5)])
    assert "\u202e" not in text(tmp_path, [event("FFN\u202e", 0, 5)])


def test_missing_token_times_are_explained(tmp_path: Path) -> None:
    assert "token times: not measured: no event names a token" in text(tmp_path, [event("Tokenize", 0, 5)])
