from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.errors import UsageError
from assay.record.documents import document_schema


def _listed(store: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert run(["expect", "--json", "--store", str(store)]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("expect")).validate(document)
    found: list[dict[str, object]] = document["expectations"]
    return found


def test_a_claim_is_written_down_listed_and_withdrawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["expect", "layer=3", "step=FFN", "-2%", "-q", "--store", str(tmp_path)]) == 0
    [one] = _listed(tmp_path, capsys)
    assert (one["claim"], one["withdrawn_utc_ns"]) == ("layer=3 step=FFN -2%", None)
    assert run(["expect", "--withdraw", str(one["sha256"])[:8], "--store", str(tmp_path)]) == 0
    assert "withdrawn" in capsys.readouterr().out
    assert _listed(tmp_path, capsys)[0]["withdrawn_utc_ns"] is not None


@pytest.mark.parametrize("words", [["layer=3"], ["lyer=3", "-2%"], ["wall", "-2%", "--withdraw", "abcd"]])
def test_words_that_claim_nothing_are_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(UsageError):
        run(["expect", *words, "--store", str(tmp_path)])


def test_where_nothing_is_expected_an_example_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["expect", "--store", str(tmp_path)]) == 0
    assert "assay expect layer=3" in capsys.readouterr().out
