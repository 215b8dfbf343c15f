from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.record.documents import document_schema
from tests.analyze.rules.makers import make_rule


def test_the_list_is_a_document_of_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["patterns", "list", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("patterns.list")).validate(document)
    assert "sleep_poll" in {pattern["id"] for pattern in document["patterns"]}


def test_a_family_and_a_folder_narrow_and_widen_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.yaml").write_text(make_rule(id="our_own", family="memory"))
    assert run(["patterns", "list", "--family", "memory", "--patterns", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "our_own" in text
    assert "sleep_poll" not in text
