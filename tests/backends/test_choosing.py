from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assay.backends.asked import Asked
from assay.backends.choosing import ADAPTERS, EXTRAS, choose, open_model
from assay.errors import PluginError, UsageError


def test_the_files_of_a_model_say_what_runs_it(tmp_path: Path) -> None:
    for name in ("a.onnx", "b.gguf"):
        (tmp_path / name).touch()
    folder = tmp_path / "hf"
    folder.mkdir()
    (folder / "config.json").touch()
    assert choose(None, str(tmp_path / "a.onnx")) == "onnxruntime"
    assert choose(None, str(tmp_path / "b.gguf")) == choose(None, str(folder)) == "vgpu"
    assert choose(None, "preset:llama-15m") == "vgpu"
    assert choose(None, "http://127.0.0.1:8000/v1") == "openai"
    assert choose("pytorch", str(folder)) == "pytorch"


@pytest.mark.parametrize("name", ["missing.onnx", "notes.txt"])
def test_what_is_no_model_is_refused_with_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError) as caught:
        choose(None, str(tmp_path / name))
    assert caught.value.remedy


def test_a_backend_that_there_is_not_is_told_with_its_like(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="onnxruntime"):
        open_model("onnxruntim", Asked(model=str(tmp_path)))


def test_a_library_that_is_missing_names_the_extra_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for name in [name for name in sys.modules if name.startswith("assay.backends.adapters.onnxruntime")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(PluginError) as caught:
        open_model("onnxruntime", Asked(model="x.onnx"))
    assert "assay[onnx]" in caught.value.remedy


def test_extras_belong_to_backends_that_there_are() -> None:
    assert set(EXTRAS) >= {"onnxruntime"}
    assert "onnxruntime" in ADAPTERS.names()
