from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.diagnosis import diagnosis, diagnosis_for_report, say_diagnosis
from assay.cli.session import open_session
from assay.record.diagnosis.raw import FILES
from tests.analyze.evidence.test_gather import stored, stream


def test_findings_are_kept_beside_the_run_and_go_with_it(tmp_path: Path) -> None:
    run = stored(tmp_path, {})
    session = open_session({"store": str(tmp_path / "store")})
    found = diagnosis(session, run).findings
    assert found.run == run.id
    kept = tmp_path / "store" / "findings" / run.id / "findings.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    session.store.remove(run.id)
    assert not kept.parent.exists()


def test_a_report_on_one_run_with_raw_data_has_its_diagnosis(tmp_path: Path) -> None:
    run = stored(tmp_path, {FILES["threads"][0]: stream("threads", [])})
    session = open_session({"store": str(tmp_path / "store")})
    assert diagnosis_for_report(session, [run]) is not None
    assert diagnosis_for_report(session, [run, run]) is None


def test_a_report_on_a_run_without_raw_data_is_as_it_was(tmp_path: Path) -> None:
    assert diagnosis_for_report(open_session({"store": str(tmp_path / "store")}), [stored(tmp_path, {})]) is None


def test_a_run_that_cant_be_judged_is_a_complaint_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = stored(tmp_path, {FILES["stacks"][0]: b"no stream"})
    assert say_diagnosis(open_session({"store": str(tmp_path / "store")}), run) is None
    assert "the run was kept, but not judged" in capsys.readouterr().err
