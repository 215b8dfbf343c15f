from __future__ import annotations

from pathlib import Path

from assay.settings.cache import keep_file


def test_a_file_is_kept_whole_and_for_its_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b"
    keep_file(file, b"one")
    keep_file(file, b"two")
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_that_takes_no_files_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    keep_file(tmp_path / "a" / "b", b"one")
    assert (tmp_path / "a").read_text() == ""
