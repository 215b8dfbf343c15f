from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import assay.vgpu as vg
from assay.cli.app import run
from assay.record.documents import document_schema
from assay.vgpu.ceilings import measuring

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(measuring, "_TRIES", 2)
    monkeypatch.setattr(measuring, "_TRY_NS", 20_000)
    monkeypatch.setattr(measuring, "_DRAM_BYTES", 1 << 20)


def test_the_ceilings_are_a_document_of_their_schema_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vgpu", "info", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("vgpu.info")).validate(first)
    assert run(["vgpu", "info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_the_ceilings_are_shown_with_their_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vgpu", "info"]) == 0
    text = capsys.readouterr().out
    assert "fp32" in text
    assert "Gop/s" in text
    assert "DRAM read" in text
    assert "launch from Python" in text
