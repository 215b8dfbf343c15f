"""``assay infer`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from assay.cli.app import run
from assay.errors import UsageError
from assay.record.documents import document_schema
from assay.record.schema import published_schema
from tests.backends.onnx_models import MODELS


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))


def answered(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run(words) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.mark.parametrize("name", ["cnn", "nested_loop"])
def test_the_document_and_the_sealed_run_keep_their_schemas_and_agree(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = MODELS[name](tmp_path / "m.onnx")
    document = answered(["infer", str(path), "--repeat", "3", "--threads", "1", "--json"], capsys)
    Draft202012Validator(document_schema("infer")).validate(document)
    record = json.loads((tmp_path / "store" / "runs" / document["run"] / "run.json").read_text(encoding="utf-8"))
    Draft202012Validator(published_schema()).validate(record)
    assert [row["name"] for row in record["ops"]] == [line["name"] for line in document["operators"]]
    assert run(["runs", "validate", document["run"]]) == 0
    own_ns = sum(row["self_ns"] for row in record["ops"])
    assert own_ns == round(document["total_s"] * 1e9)
    assert "runtime_gap" in {row["name"] for row in record["ops"]}
    assert document["known_share"] == 1.0


def test_the_table_names_what_bounds_each_operator_and_what_timing_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = MODELS["loop"](tmp_path / "m.onnx")
    assert run(["infer", str(path), "--repeat", "6", "--threads", "1"]) == 0
    out = capsys.readouterr().out
    assert "repeat.body/inner" in out
    assert "runtime_gap" in out
    assert "timing operators made a run" in out
    assert "(95 %:" in out


def test_a_run_of_a_model_is_shown_and_compared_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = MODELS["cnn"](tmp_path / "m.onnx")
    for _ in range(2):
        assert run(["infer", str(path), "--repeat", "2", "-q"]) == 0
    assert run(["runs", "show", "@latest"]) == 0
    assert "conv1" in capsys.readouterr().out
    assert run(["report", "@latest", "-o", str(tmp_path / "r.html")]) == 0
    assert run(["compare", "@-2", "@latest"]) == 3


def test_a_setting_without_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no setting"):
        run(["infer", str(MODELS["cnn"](tmp_path / "m.onnx")), "--set", "batch"])
