from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assay.cli.gate import annotation, open_gate, say_failing
from assay.cli.session import open_session
from assay.errors import UsageError
from assay.record.diagnosis.findings import Location, Scope
from tests.report.views import HOSTILE, make_finding, make_findings


def test_causes_are_named_by_name_glob_family_or_all_of_them() -> None:
    assert open_gate(["sleep_poll, linear_membership_list"]).patterns == {"sleep_poll", "linear_membership_list"}
    assert {"sleep_poll"} < open_gate(["sleep_*", "concurrency"]).patterns
    assert len(open_gate(["any"]).patterns) > 60
    assert open_gate([]).patterns == frozenset()


def test_a_word_that_means_no_pattern_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="no pattern 'sleep_pol'") as caught:
        open_gate(["sleep_pol"])
    assert caught.value.remedy == "did you mean 'sleep_poll'?"


def test_only_causes_fail_and_only_those_that_are_named() -> None:
    cause, doubt = (make_finding("job.py", pattern=name) for name in ("linear_membership_list", "sleep_poll"))
    found = make_findings("job.py", findings=(cause,), trust=(doubt,))
    assert open_gate(["any"]).failing(found) == (cause,)
    assert open_gate(["sleep_poll"]).failing(found) == ()
    assert open_gate(["any"]).failing(None) == ()


def test_on_github_the_line_is_annotated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    say_failing(open_session({}), make_findings(str(Path.cwd() / "job.py")).findings)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "assay: --fail-on: found list_as_set"
    assert second.startswith("::error title=It searches a list,file=job.py,line=12::")


def test_elsewhere_there_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    say_failing(open_session({}), make_findings("job.py").findings)
    assert capsys.readouterr().err == "assay: --fail-on: found list_as_set\n"


def test_a_name_can_neither_end_an_annotation_nor_begin_one() -> None:
    text = annotation(make_finding(f"a,b:c\n::warning::{HOSTILE}%"))
    assert "\n" not in text
    assert "\x1b" not in text
    assert text.count("::") >= 2
    assert "file=a%2Cb%3Ac\\n%3A%3Awarning" in text
    nowhere = msgspec.structs.replace(make_finding("x"), location=Location(scope=Scope.RUN))
    assert annotation(nowhere).startswith("::error title=It searches a list::the whole run: ")
