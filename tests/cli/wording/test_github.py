from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.wording.github import workflow_command


def test_a_file_inside_the_folder_is_named_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = workflow_command("error", "slower", title="assay", file=str(tmp_path / "src" / "job.py"), line=7)
    assert found == "::error title=assay,file=src/job.py,line=7::slower"


def test_without_a_file_there_is_no_line_either() -> None:
    assert workflow_command("notice", "same", title="assay", line=7) == "::notice title=assay::same"


def test_nothing_in_a_name_ends_an_annotation_or_begins_another() -> None:
    found = workflow_command("warning", "5 %\n::error::x", title="a,b::c\n", file="x,line=1::y.py")
    assert "\n" not in found
    assert found.startswith("::warning title=a%2Cb%3A%3Ac")
