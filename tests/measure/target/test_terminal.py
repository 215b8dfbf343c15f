from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.store import open_store

AT_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from pathlib import Path
from assay.measure import Command, plan_command, run_command
from assay.measure.streams.routes import Streams
from assay.store import open_store
from tests.makers import make_environment
command = Command(argv=(sys.executable, '-I', '-S', '-c', sys.argv[2]), streams=Streams.UNTOUCHED)
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
        (ECHO, b"name? ", b"\x1aada\n", [b"heard ada", b"ended: complete None True"]),
    ],
    ids=[
        "a target reads the terminal",
        "Ctrl-C reaches the target, and the run is kept",
        "Ctrl-Z without a shell that could continue it stops nobody",
    ],
)
def test_a_target_has_the_terminal_as_if_it_ran_alone(
    tmp_path: Path, code: str, cue: bytes, typed: bytes, heard: list[bytes]
) -> None:
    ours, process = _at_a_terminal([sys.executable, "-c", AT_A_TERMINAL, str(tmp_path / "store"), code])
    shown = _read_until(ours, cue)
    os.write(ours, typed)
    shown += _rest(ours)
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert [line for line in heard if line not in shown] == []


AS_A_SHELL = """
import fcntl, json, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, '-m', 'assay', *sys.argv[1:]])
for _ in range(2):
    status = os.waitpid(job, os.WUNTRACED)[1]
    before, _ = os.tcgetpgrp(0), os.tcsetpgrp(0, os.getpgrp())
    print('job:', 'stopped' if os.WIFSTOPPED(status) else status, before == job, flush=True)
    if os.WIFSTOPPED(status):
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)
"""


def test_ctrl_z_stops_the_job_that_the_shell_knows_and_continuing_it_continues_the_target(tmp_path: Path) -> None:
    store = tmp_path / "store"
    words = ["profile", "--store", str(store), "--timeout", "30", "--", sys.executable, "-I", "-S", "-c", ECHO]
    terminal, process = _at_a_terminal([sys.executable, "-c", AS_A_SHELL, *words])
    _read_until(terminal, b"name? ")
    os.write(terminal, b"\x1a")
    _read_until(terminal, b"job: stopped True")
    os.write(terminal, b"ada\n")
    shown = _rest(terminal)
    os.close(terminal)
    assert process.wait(timeout=60) == 0
    assert b"heard ada" in shown
    assert b"job: 0 True" in shown
    (row,) = open_store(store).runs()
    assert "suspended" in {flag.id for flag in open_store(store).get(row.id).record.quality}


def _at_a_terminal(words: list[str]) -> tuple[int, subprocess.Popen[bytes]]:
    """Start a session of its own at a new terminal; our side of it, and the process."""
    ours, theirs = os.openpty()
    root = str(Path(__file__).parents[3])
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, root])}
    process = subprocess.Popen(
        words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=variables, cwd=root
    )
    os.close(theirs)
    return ours, process


def _read_until(terminal: int, cue: bytes) -> bytes:
    shown = b""
    while cue not in shown:
        shown += os.read(terminal, 1000)
    return shown


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
