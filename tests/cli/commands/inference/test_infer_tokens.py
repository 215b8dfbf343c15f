"""``assay infer`` of what generates tokens; the null backend runs it all but the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import StoreError
from assay.record.documents import document_schema


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))


def test_the_document_holds_the_trace_and_the_run_its_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["infer", "null", "--tokens", "4", "--repeat", "3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("infer")).validate(document)
    assert document["trace"]["tokens"]["tokens"] == 12
    assert document["operators"] == []
    assert run(["runs", "validate", document["run"]]) == 0
    folder = tmp_path / "store" / "runs" / document["run"]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    layers = {(row["step"], row["layer"], row["phase"]) for row in record["steps"]}
    assert {("Attention", 1, "decode"), ("FFN", 0, "prefill"), ("Sample", None, "decode")} <= layers
    assert {"ttft_ms", "tpot_ms", "output_tokens"} <= {metric["name"] for metric in record["metrics"]}
    assert run(["trace", str(folder / "raw/trace/trace.parquet")]) == 0


def test_steps_are_shown_and_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.jsonl"
    assert run(["infer", "null", "--tokens", "4", "--trace", "--trace-output", str(file)]) == 0
    shown = capsys.readouterr()
    assert "Sample" in shown.err
    assert "first after" in shown.out
    assert run(["trace", str(file)]) == 0


def test_a_place_that_can_t_be_written_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        run(["infer", "null", "--trace-output", str(tmp_path / "no" / "t.jsonl")])


def test_two_runs_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["infer", "null", "--tokens", "2", "-q"]) == 0
    assert run(["compare", "@-2", "@latest", "--json"]) == 3
    capsys.readouterr()
