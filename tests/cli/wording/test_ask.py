from __future__ import annotations

import json

import pytest

from assay.cli.wording.ask import answer, question
from assay.errors import UsageError
from tests.cli.wording.models import model
from tests.report.views import make_findings


def test_the_question_holds_the_findings_and_names_the_model() -> None:
    body = json.loads(question(make_findings("a.py"), "m"))
    assert body["model"] == "m"
    assert json.loads(body["messages"][1]["content"])["document"] == "findings"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "nowhere", "http://127.0.0.1:1/v1", "http://127.0.0.1:x/"])
def test_an_endpoint_that_is_none_is_said(url: str) -> None:
    with pytest.raises(UsageError):
        answer(url, question(make_findings("a.py"), "m"))


def test_a_refusal_and_an_answer_of_another_kind_are_said() -> None:
    with model("x", status=500) as (url, _), pytest.raises(UsageError, match="status 500"):
        answer(url, b"{}")
