from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assay.analyze.recorded import trial
from assay.cli.app import run
from assay.errors import UsageError
from tests.analyze.rules.makers import make_rule


def test_good_patterns_pass_and_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ours.yaml").write_text(make_rule(id="our_own"))
    assert run(["patterns", "lint", str(tmp_path)]) == 0
    assert "patterns, no mistake" in capsys.readouterr().out


def test_a_pattern_of_assays_own_without_a_recorded_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trial.OWN, tmp_path / "fixtures")
    shutil.copy(trial.OWN.parent / "fixtures.yaml", tmp_path)
    for pair in (trial.own_pairs()["sleep_poll"].positive, trial.own_pairs()["sleep_poll"].negative):
        (tmp_path / "fixtures" / f"{pair}.json.xz").unlink()
    monkeypatch.setattr(trial, "OWN", tmp_path / "fixtures")
    with pytest.raises(UsageError, match="sleep_poll: has no recorded positive or negative run"):
        run(["patterns", "lint"])


def test_every_mistake_is_said_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(make_rule(id="one", when="[nothing() > 1]") + make_rule(id="two", scope="here"))
    with pytest.raises(UsageError) as caught:
        run(["patterns", "lint", str(tmp_path)])
    assert "ours.yaml:5: one: when: there is no function 'nothing'" in str(caught.value)
    assert "ours.yaml:15: two: scope: Invalid enum value 'here'" in str(caught.value)
