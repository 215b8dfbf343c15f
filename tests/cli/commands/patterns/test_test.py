from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.record.documents import document_schema
from tests.analyze.recorded.test_trial import IDLE


def test_the_answer_is_a_document_of_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["patterns", "test", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("patterns.test")).validate(document)
    assert not {one["pattern"] for one in document["tried"]} & set(document["unrecorded"])


def test_a_pattern_that_is_judged_wrongly_fails_and_says_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sleep_poll.positive.json.xz").write_bytes(IDLE)
    assert run(["patterns", "test", str(tmp_path)]) == 1
    assert "FAILED  sleep_poll positive   found: " in capsys.readouterr().out
