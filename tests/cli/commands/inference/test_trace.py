"""``assay trace`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import RecordError
from assay.record.documents import document_schema
from tests.trace.makers import decoded, write


def test_the_table_has_a_row_for_every_step_and_one_for_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "t.jsonl", decoded(tokens=40))
    assert run(["trace", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    firsts = [line.split()[0] for line in lines if line]
    assert {"STEP", "Attention", "FFN", "Sample", "(no"} <= set(firsts)
    assert any("40 tokens of 1 request" in line for line in lines)
    assert run(["trace", str(path), "--layers"]) == 0
    assert "Attention 2" in capsys.readouterr().out


def test_the_document_keeps_its_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "t.parquet", decoded())
    assert run(["trace", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("trace")).validate(document)
    assert document["events"] == 29


def test_a_file_that_is_no_trace_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello")
    with pytest.raises(RecordError, match="no trace that can be read"):
        run(["trace", str(tmp_path / "x")])


def test_two_traces_are_handed_over_to_the_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(write(tmp_path / name, decoded())) for name in ("a.jsonl", "b.jsonl")]
    assert run(["trace", *files, "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document["document"] == "compare"
    assert document["verdict"] == "inconclusive"
