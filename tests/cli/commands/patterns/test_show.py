from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.record.documents import document_schema


def test_a_pattern_is_shown_word_for_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["patterns", "show", "sleep_poll"]) == 0
    text = capsys.readouterr().out
    assert "share(sleep) > 0.3" in text
    assert "Wait for the event itself" in text
    assert run(["patterns", "show", "sleep_poll", "--json"]) == 0
    Draft202012Validator(document_schema("patterns.show")).validate(json.loads(capsys.readouterr().out))
