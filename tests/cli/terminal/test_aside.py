from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli.terminal.aside import say_aside


def test_what_is_said_arrives_at_once() -> None:
    stream = io.StringIO()
    say_aside(stream, "one\n")
    say_aside(None, "two\n")
    assert stream.getvalue() == "one\n"


@pytest.mark.parametrize(
    ("words", "status"), [(["runs", "show", "nothing"], 2), (["profile", "--", "sh", "-c", "exit 3"], 3)]
)
def test_a_full_standard_error_changes_no_status(words: list[str], status: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assay", "--store", str(tmp_path / "store"), *words]
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run(command, stderr=full, stdout=subprocess.DEVNULL, check=False).returncode == status
