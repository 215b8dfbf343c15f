"""A target at a terminal while Assay draws there too, or reads what it writes on its way."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.e2e.program import User

TALKS = """
import os, sys, time
print("terminals:", os.isatty(1), os.isatty(2), *os.get_terminal_size(1), flush=True)
for number in range(6):
    print("to output", number, flush=True)
    print("to error", number, file=sys.stderr, flush=True)
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        sum(range(1000))
print("\\x1b[31mred\\x1b[0m", end="\\n", flush=True)
"""
DRAWN = re.compile(r"\x1b\[J[^\x1b]*(\x1b\[[0-9;]*m[^\x1b]*)*\r(\x1b\[\d+A)?")


@pytest.fixture
def user(tmp_path: Path) -> User:
    """Somebody with a script that talks."""
    user = User(tmp_path)
    (user.work / "talks.py").write_text(TALKS)
    return user


def _said() -> list[str]:
    lines = [line for number in range(6) for line in (f"to output {number}", f"to error {number}")]
    return ["terminals: True True 100 24", *lines, "\x1b[31mred\x1b[0m"]


def test_the_live_view_leaves_the_targets_output_as_it_is(user: User) -> None:
    shown = user.sees("profile", "--live", "--", sys.executable, "talks.py", columns=100)
    assert re.search(r"\d\.\d processors", shown)
    assert re.search(r"<module>\S*  talks\.py:\d", re.sub(r"\x1b\[[0-9;]*m", "", shown))
    written, _, _ = shown.partition("run ")
    assert DRAWN.sub("", written).replace("\x1b[J", "").splitlines() == _said()


def test_without_a_terminal_the_live_view_says_so_and_the_target_runs_all_the_same(user: User) -> None:
    done = user.does("profile", "--live", "--", sys.executable, "-c", "print('hello')")
    assert (done.returncode, done.stdout) == (0, "hello\n")
    assert "--live shows nothing" in done.stderr
    assert "\x1b[" not in done.stderr


def test_a_command_that_is_repeated_keeps_its_terminal_in_both_runs(user: User) -> None:
    shown = user.sees("profile", "--passes", "2", "--", sys.executable, "talks.py", columns=100)
    written, _, _ = shown.partition("run ")
    assert sorted(written.splitlines()) == sorted(_said())
    record = json.loads(user.gets("runs", "show", "@latest", "--json"))
    assert "raw/cprofile/functions.arrows" in {artifact["file"] for artifact in record["artifacts"]}
    assert [flag for flag in record["quality"] if "pass" in flag["id"] and "strace" not in flag["id"]] == []


def test_a_repeated_command_that_writes_something_else_counts_no_calls(user: User) -> None:
    done = user.does("profile", "--passes", "2", "--", sys.executable, "-c", "import os; print(os.getpid())")
    assert done.stdout.strip().isdecimal()
    record = json.loads(user.gets("runs", "show", "@latest", "--json"))
    assert "wrote something else" in {flag["id"]: flag["message"] for flag in record["quality"]}["no_pass_cprofile"]
