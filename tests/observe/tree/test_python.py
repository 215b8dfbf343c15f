from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.observe.tree.python import python_of

WAIT = "print('ready', flush=True); input()"


def _asked(words: list[str], *, ready: bool) -> str | None:
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    if ready:
        process.stdout.readline()
    found = python_of(process.pid)
    process.communicate(b"\n")
    return found


def test_the_version_is_read_from_the_files_of_the_process() -> None:
    assert _asked([sys.executable, "-I", "-S", "-c", WAIT], ready=True) == platform.python_version()


def test_a_python_under_another_name_is_one(tmp_path: Path) -> None:
    copy = tmp_path / "server"
    shutil.copy(Path(sys.executable).resolve(), copy)
    prefix = f"import sys; {WAIT}"
    environment_free = [str(copy), "-I", "-S", "-c", prefix]
    started = subprocess.run([*environment_free[:-1], "pass"], capture_output=True, check=False)
    if started.returncode:
        pytest.skip(reason="this Python does not start from another folder")
    assert _asked(environment_free, ready=True) == platform.python_version()


def test_a_program_named_python_is_none(tmp_path: Path) -> None:
    copy = tmp_path / "python3"
    shutil.copy("/bin/cat", copy)
    assert _asked([str(copy)], ready=False) is None


def test_a_process_that_is_gone_runs_none() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert python_of(process.pid) is None
