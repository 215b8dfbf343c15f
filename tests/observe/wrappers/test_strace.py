from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.observe.collector import FirstPass, Rewritten, Unsuited
from assay.observe.wrappers.strace import PLUGIN, read_summary
from tests.observe.collectors.targets import Sink

OPENS = (
    "import os, sys\nfor _ in range(50): os.stat('/')\nif os.fork() == 0:\n    os.stat('/'); os._exit(0)\nos.wait()\n"
)


@pytest.fixture
def allowed() -> None:
    """Skips where strace may not filter."""
    if (obstacle := PLUGIN.obstacle()) is not None:
        pytest.skip(obstacle)


def _ran(folder: Path, *argv: str) -> subprocess.CompletedProcess[bytes]:
    first = FirstPass(argv=argv, executable=Path(argv[0]), start_ns=1_000, end_ns=3_000)
    words = PLUGIN.wrap(first, folder)
    assert isinstance(words, Rewritten)
    return subprocess.run(words.argv, env={**os.environ, **words.variables}, capture_output=True, check=False)


@pytest.mark.usefixtures("allowed")
def test_calls_of_the_whole_tree_are_counted_over_the_time_of_the_first_run(tmp_path: Path) -> None:
    done = _ran(tmp_path, sys.executable, "-I", "-S", "-c", f"{OPENS}print('mine')\nsys.exit(3)")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"mine\n", b"")
    sink = Sink(tmp_path)
    assert PLUGIN.keep(tmp_path, sink) is None
    rows = {str(name): (start, end, count) for start, end, name, count in sink.tables["calls"].rows}
    start_ns, end_ns, count = next(rows[name] for name in ("newfstatat", "stat", "statx") if name in rows)
    assert (start_ns, end_ns) == (1_000, 3_000)
    assert isinstance(count, int)
    assert count >= 51
    assert "getpid" not in rows
    assert "newfstatat" in (tmp_path / "raw/strace/counts.txt").read_text() or "stat" in rows


@pytest.mark.usefixtures("allowed")
def test_a_target_that_dies_of_a_signal_dies_of_it_here_too(tmp_path: Path) -> None:
    assert _ran(tmp_path, sys.executable, "-c", "import os; os.kill(os.getpid(), 9)").returncode == -9


def test_a_run_that_strace_did_not_see_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "counts.txt").write_text("calls syscall\n-----\n 0 total\n")
    assert isinstance(PLUGIN.keep(tmp_path, Sink(tmp_path)), Unsuited)


def test_names_and_counts_are_read_from_the_summary() -> None:
    text = "    calls syscall\n--------- --------\n       28 close\n    20112 newfstatat\n--------- ---\n 20140 total\n"
    assert list(read_summary(text)) == [("close", 28), ("newfstatat", 20112)]


def test_without_strace_the_command_that_brings_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "apt-get install strace" in (PLUGIN.obstacle() or "")
