from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.backends.params.catalogue import backends
from assay.cli.app import run
from assay.errors import UsageError
from assay.record.documents import document_schema


def test_without_a_backend_all_of_them_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["params"]) == 0
    assert capsys.readouterr().out.split() == backends()


def test_the_document_keeps_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["params", "llama_cpp", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("params")).validate(document)
    assert document["relevant"] == document["typed"] == len(document["parameters"])


def test_a_file_of_parameters_is_judged_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.yaml"
    file.write_text("max_num_seq: 4\ngpu_memory_utilization: 2\nSamplingParams.n: 3\ntemperature: 0\n")
    assert run(["params", "vllm", "--check", str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(":")[0] for line in lines] == ["refused"] * 3
    file.write_text("max_num_seqs: 4\n")
    assert run(["params", "vllm", "--check", str(file)]) == 0


@pytest.mark.parametrize("text", [None, "[", "- a"])
def test_a_file_that_can_not_be_used_is_an_error_of_one_line(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "p.yaml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UsageError, match=r"p\.yaml"):
        run(["params", "vllm", "--check", str(file)])


def test_drift_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "llama_cpp.py").write_text(
        "import ctypes\n"
        "class llama_model_params(ctypes.Structure):\n    _fields_ = [('n_gpu_layers', ctypes.c_int32)]\n"
        "class llama_context_params(ctypes.Structure):\n    _fields_ = [('n_new', ctypes.c_int32)]\n"
    )
    (tmp_path / "llama_cpp_python-9.dist-info").mkdir()
    (tmp_path / "llama_cpp_python-9.dist-info" / "METADATA").write_text("Name: llama-cpp-python\nVersion: 9\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert run(["params", "llama_cpp", "--drift"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[:3] == ["gone", "context", "n_ctx"] for line in lines)
    assert any(line.split()[:3] == ["new", "context", "n_new"] for line in lines)
    assert not any("n_gpu_layers" in line for line in lines)
