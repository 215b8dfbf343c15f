from __future__ import annotations

from assay.report.causes.lines import wrapped


def test_lines_are_folded_with_their_indents_and_escaped() -> None:
    assert wrapped("a\x1b b", first="- ") == ["- a\\x1b b"]
    lines = wrapped("word " * 30, first="  ", rest="    ")
    assert len(lines) == 2
    assert lines[1].startswith("    word")
    assert max(len(line) for line in lines) <= 80
