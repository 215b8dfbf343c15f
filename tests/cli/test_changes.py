from __future__ import annotations

import json

import pytest

from assay.cli.changes import changes_of_each, report_changes
from assay.cli.emit import Output
from assay.cli.session import open_session
from assay.errors import StoreError
from assay.record.documents import Change

RUN = "01JCZX5T00ABCDEFGHJKMNPQRS"


def test_what_was_done_and_what_would_be_done_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    change = Change(run=RUN, source="a.tar", result="")
    for dry_run in (False, True):
        report_changes(open_session({}), "import", [change], Output(as_json=False, outputs=()), dry_run=dry_run)
    assert capsys.readouterr().out == f"imported a.tar as {RUN}\nwould import a.tar as {RUN}\n"


def test_changes_are_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    report_changes(open_session({}), "tag", [Change(run=RUN, result="base")], Output(as_json=True, outputs=()))
    document = json.loads(capsys.readouterr().out)
    assert (document["verb"], document["changes"][0]["result"]) == ("tag", "base")


def test_what_fails_gets_its_line_and_stops_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    def change(source: str) -> list[Change]:
        if source == "bad":
            raise StoreError("can't", where=source)
        return [Change(run=None, source=source)]

    changes, all_well = changes_of_each(open_session({}), "trying", ["a", "bad", "b"], change)
    assert [done.source for done in changes] == ["a", "b"]
    assert not all_well
    assert capsys.readouterr().err == "assay: bad: can't\n"
