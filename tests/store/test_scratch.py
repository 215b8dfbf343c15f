from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from assay.store import open_store
from assay.store.scratch import scratch_beside, scratch_elsewhere
from tests.stores import fill


def test_scratch_lies_in_the_store_and_is_gone_afterwards(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    with scratch_beside(open_store(tmp_path).get(ulid).folder) as folder:
        folder.mkdir()
        (folder / "spill").write_text("")
        assert folder.parent == tmp_path / "tmp"
        open_store(tmp_path).salvage()
        assert (folder / "spill").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_run_outside_a_store_spills_elsewhere(tmp_path: Path) -> None:
    with scratch_beside(tmp_path / "run") as folder:
        assert not folder.is_relative_to(tmp_path)
        assert folder.is_dir()
    assert not folder.exists()


def fill_and_fail(seen: list[Path]) -> None:
    with scratch_elsewhere() as folder:
        seen.append(folder)
        (folder / "x").touch()
        raise KeyError


def test_scratch_elsewhere_is_private_and_gone_even_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_elsewhere() as folder:
        assert folder.stat().st_mode & 0o077 == 0
    seen: list[Path] = []
    with pytest.raises(KeyError):
        fill_and_fail(seen)
    assert seen
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_and_what_is_held_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import os, signal\nfrom assay.store.scratch import scratch_elsewhere\n"
    program += "with scratch_elsewhere():\n    os.kill(os.getpid(), signal.SIGKILL)"
    child = subprocess.run([sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert child.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_elsewhere() as held, scratch_elsewhere() as other:
        assert {path for path in tmp_path.iterdir() if path.is_dir()} == {held, other}
