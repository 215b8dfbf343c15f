from __future__ import annotations

from pathlib import Path

from assay.cli.terminal.style import paint
from assay.cli.views.proof.comparison import comparison_lines
from assay.compare.asked import Asked
from assay.compare.compare import compare
from assay.record.documents.comparison import Comparison
from tests.compare.made import Maker


def _text(made: Comparison, *, show_all: bool = False, width: int | None = 100) -> str:
    return "\n".join(paint(line, color=False) for line in comparison_lines(made, width, show_all=show_all))


def test_the_verdict_comes_first_and_the_cell_that_changed_stands_in_the_table(tmp_path: Path) -> None:
    sides = Maker(folder=tmp_path, factors={(2, "FFN"): 0.9}).sides()
    made = compare(*sides, Asked(claims=("layer=2 step=FFN -5%",)))
    text = _text(made)
    assert text.startswith("CORROBORATED  “layer=2 step=FFN -5%” is corroborated: decode layer 2 FFN takes")
    assert "not named before" in text
    [row] = [line for line in text.splitlines() if line.startswith("decode layer 2 FFN")]
    assert row.rstrip().endswith("less")
    assert "8 randomised blocks" in text
    assert "--all" in text
    assert max(map(len, text.splitlines()[1:])) <= 160
    assert len(_text(made, show_all=True).splitlines()) > len(text.splitlines())
    assert "more (worse)" in _text(compare(sides[1], sides[0], Asked()))
