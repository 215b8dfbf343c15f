from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

AT_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from pathlib import Path
from assay.measure import Command, plan_command, run_command
from assay.store import open_store
from tests.makers import make_environment
command = Command(argv=(sys.executable, '-I', '-S', '-c', sys.argv[2]), pass_through=True)
plan = plan_command(command, collectors=('null',), timeout_s=60.0)
run = run_command(plan, open_store(sys.argv[1]), command=command, environment=make_environment())
print('ended:', run.record.status.value, run.record.outcome.stdout_bytes, os.tcgetpgrp(0) == os.getpgrp(), flush=True)
"""
ECHO = "print('heard ' + input('name? '))"
SLEEP = "import time; print('ready', flush=True); time.sleep(60)"


@pytest.mark.parametrize(
    ("code", "cue", "typed", "heard"),
    [
        (ECHO, b"name? ", b"ada\n", [b"heard ada", b"ended: complete None True"]),
        (SLEEP, b"ready", b"\x03", [b"ended: interrupted None True"]),
    ],
    ids=["a target reads the terminal", "Ctrl-C reaches the target, and the run is kept"],
)
def test_a_target_has_the_terminal_as_if_it_ran_alone(
    tmp_path: Path, code: str, cue: bytes, typed: bytes, heard: list[bytes]
) -> None:
    ours, theirs = os.openpty()
    words = [sys.executable, "-c", AT_A_TERMINAL, str(tmp_path / "store"), code]
    root = str(Path(__file__).parents[3])
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, root])}
    process = subprocess.Popen(
        words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=variables, cwd=root
    )
    os.close(theirs)
    shown = b""
    while cue not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, typed)
    shown += _rest(ours)
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert [line for line in heard if line not in shown] == []


def _rest(terminal: int) -> bytes:
    """Everything until the other side has closed, which a terminal reports as an error."""
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 1000)
        except OSError:
            return shown
        if not piece:
            return shown
        shown += piece
