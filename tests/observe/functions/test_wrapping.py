from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assay.observe.collector import Unsuited
from assay.observe.functions.counts import read_counts
from assay.observe.functions.wrapping import starts_processes, wrapped

PROGRAM = "import sys\ndef counted(): return 1\nsum(counted() for _ in range(7))\nprint(__name__, sys.argv[1:])\n"


def _wrapped(argv: Sequence[str], profile: Path) -> tuple[str, ...] | Unsuited:
    return wrapped(argv, Path(shutil.which(argv[0]) or argv[0]), profile)


def _calls(profile: Path, function: str) -> int:
    counts = read_counts(profile)
    assert not isinstance(counts, Unsuited)
    rows = zip(counts["function"], counts["calls"], counts["caller"], strict=True)
    return next(int(calls) for name, calls, caller in rows if name == function and caller is None)


def _same_and_counted(argv: Sequence[str], folder: Path) -> int:
    profile = folder / "profile"
    words = _wrapped(argv, profile)
    assert not isinstance(words, Unsuited)
    plain, counted = (subprocess.run(each, capture_output=True, cwd=folder, check=True) for each in (argv, words))
    assert counted.stdout == plain.stdout
    return _calls(profile, "counted")


def test_a_script_is_counted_and_does_what_it_did(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    assert _same_and_counted([sys.executable, "-I", "-X", "utf8", "-Wdefault", str(script), "-m", "x"], tmp_path) == 7


def test_a_module_is_counted(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    assert _same_and_counted([sys.executable, "-m", "program", "-c"], tmp_path) == 7


def test_code_given_as_a_word_is_counted(tmp_path: Path) -> None:
    assert _same_and_counted([sys.executable, "-c", PROGRAM, "first", "-o"], tmp_path) == 7


@pytest.mark.parametrize("start", ["#!{python}", "#!/usr/bin/env {python}", "#!/usr/bin/env -S {python} -B"])
def test_a_script_that_names_its_interpreter_is_counted(start: str, tmp_path: Path) -> None:
    script = tmp_path / "tool"
    script.write_text(start.format(python=sys.executable) + "\n" + PROGRAM)
    script.chmod(0o755)
    assert _same_and_counted([str(script), "argument"], tmp_path) == 7


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["sh", "-c", "true"], "not started by a Python"),
        (["python3"], "standard input"),
        (["python3", "-"], "standard input"),
        (["python3", "-m"], "nothing follows"),
        (["python3", "-i", "x.py"], "option -i"),
        (["python3", "--version"], "option --version"),
        (["python3", "app.pyz"], "no source file"),
        (["/no/such/tool"], "can't be read"),
    ],
)
def test_what_can_not_be_counted_is_refused_with_the_reason(argv: list[str], reason: str, tmp_path: Path) -> None:
    refused = _wrapped(argv, tmp_path / "profile")
    assert isinstance(refused, Unsuited)
    assert reason in refused.reason


def test_a_program_that_starts_workers_is_refused() -> None:
    assert starts_processes(["/usr/lib/python3.11/threading.py", "/srv/work.py"]) is None
    refused = starts_processes(["/usr/lib/python3.11/multiprocessing/pool.py"])
    assert refused is not None
    assert "multiprocessing" in refused.reason
