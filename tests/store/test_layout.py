from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.store.layout import Layout, is_ulid, is_working_file


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("01JCZX5T00ABCDEFGHJKMNPQRS", True),
        ("01jczx5t00abcdefghjkmnpqrs", False),
        ("91JCZX5T00ABCDEFGHJKMNPQRS", False),
        ("01JCZX5T00ABCDEFGHJKMNPQRI", False),
        ("01JCZX5T00ABCDEFGHJKMNPQRS.lock", False),
        ("01JCZX5T00ABCDEFGHJKMNPQRS\n", False),
    ],
)
def test_only_ids_are_ids(name: str, answer: bool) -> None:
    assert is_ulid(name) is answer


@pytest.mark.parametrize(
    ("file", "answer"),
    [("journal.jsonl", True), ("spans-00001.arrows", True), ("raw/x/spans.arrows", False), ("run.json", False)],
)
def test_working_files_lie_at_the_top_only(file: str, answer: bool) -> None:
    assert is_working_file(file) is answer


def test_folders_of_another_user_are_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(tmp_path)
    layout.create()
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError):
        layout.create()


def test_a_store_is_made_private_and_left_alone_when_it_is_there(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "a" / "store")
    layout.create()
    assert {path.name: path.stat().st_mode & 0o777 for path in layout.root.iterdir()} == {"runs": 0o700, "tmp": 0o700}
    layout.root.chmod(0o750)
    layout.create()
    assert layout.root.stat().st_mode & 0o777 == 0o750
