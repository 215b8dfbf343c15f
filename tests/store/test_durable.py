from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.errors import RecordError, StoreError
from assay.store import durable
from bench.store.faults import can_trace


def folder(path: Path) -> Path:
    path.mkdir()
    (path / "run.json").write_text(path.name)
    return path


def test_a_rename_never_replaces(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a"), folder(tmp_path / "b")
    with pytest.raises(FileExistsError):
        durable.rename_exclusive(first, second)
    assert (second / "run.json").read_text() == "b"
    durable.rename_exclusive(first, tmp_path / "c")
    assert (tmp_path / "c" / "run.json").read_text() == "a"


def test_a_rename_to_nowhere_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        durable.rename_exclusive(tmp_path / "none", tmp_path / "b")


@pytest.mark.parametrize("refusal", ["ENOSYS", "EINVAL"])
def test_a_filesystem_without_exclusive_rename_replaces_nothing_either(tmp_path: Path, refusal: str) -> None:
    if problem := can_trace():
        pytest.skip(problem)
    folder(tmp_path / "a"), folder(tmp_path / "b")
    (tmp_path / "file").touch()
    code = """
import sys
from pathlib import Path
from assay.store.durable import rename_exclusive
here = Path(sys.argv[1])
for target in ("b", "file", "c"):
    try:
        rename_exclusive(here / "a", here / target)
        print("renamed")
    except FileExistsError:
        print("there already")
"""
    trace = ["strace", "-qq", "-o", "/dev/null", "-e", f"inject=renameat2:error={refusal}"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*trace, sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["there already", "there already", "renamed"]
    assert (tmp_path / "b" / "run.json").read_text() == "b"
    assert (tmp_path / "c" / "run.json").read_text() == "a"


def test_a_replaced_file_is_old_or_new_and_leaves_no_part(tmp_path: Path) -> None:
    path = tmp_path / "tag"
    durable.replace_file(path, b"one")
    durable.replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["tag"]


def test_a_new_file_is_not_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    durable.write_new(path, b"one")
    with pytest.raises(FileExistsError):
        durable.write_new(path, b"two")
    assert path.read_bytes() == b"one"


@pytest.mark.parametrize("path", ["../x", "a/../x", "/etc/passwd", "a//b", "", ".", "a/./b"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(RecordError, match="leaves the run's folder"):
        durable.read_inside(tmp_path, path)


def test_no_link_is_followed_and_no_pipe_waited_for(tmp_path: Path) -> None:
    inner = tmp_path / "run"
    inner.mkdir()
    (tmp_path / "secret").write_text("mine")
    (inner / "file").symlink_to(tmp_path / "secret")
    (inner / "folder").symlink_to(tmp_path)
    os.mkfifo(inner / "pipe")
    for name in ("file", "folder/secret"):
        with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
            durable.read_inside(inner, name)
    with pytest.raises(RecordError, match="not a regular file"):
        durable.read_inside(inner, "pipe")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 101)
    with pytest.raises(RecordError, match="larger than 100 bytes"):
        durable.read_inside(tmp_path, "big", 100)
    assert durable.read_inside(tmp_path, "big", 101) == b"x" * 101


def test_a_refusal_of_the_system_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught, durable.storage("write", tmp_path):
        (tmp_path / "none" / "file").write_text("")
    assert str(tmp_path / "none" / "file") in str(caught.value)
    assert caught.value.remedy
    full = Path("/dev/full")
    if full.exists():
        with pytest.raises(StoreError, match=r"No space left.*free some space"), durable.storage("write", full):
            shutil.copyfile(__file__, full)
