"""Files in every form, all or none, and text where no file is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import UsageError
from tests.trace.makers import decoded, write


def test_each_ending_makes_its_form_and_the_text_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "t.jsonl", decoded())
    names = ["a.html", "a.md", "a.json", "a.csv", "a.txt", "a.perfetto.json", "a.speedscope.json"]
    outputs = [word for name in names for word in ("-o", str(tmp_path / name))]
    assert run(["trace", str(path), *outputs]) == 0
    assert capsys.readouterr().out == ""
    assert all((tmp_path / name).stat().st_size > 100 for name in names)
    assert json.loads((tmp_path / "a.json").read_text())["document"] == "trace"
    assert "traceEvents" in json.loads((tmp_path / "a.perfetto.json").read_text())


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", decoded())
    with pytest.raises(UsageError, match=r"no format has the suffix '\.xyz'"):
        run(["trace", str(path), "-o", str(tmp_path / "a.xyz")])


def test_a_form_that_can_not_be_made_leaves_nothing_half_done(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", decoded())
    with pytest.raises(UsageError, match="time of day"):
        run(["trace", str(path), "-o", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.otlp.jsonl")])
    assert not (tmp_path / "a.md").exists()
