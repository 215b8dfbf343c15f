from __future__ import annotations

import os
import signal
import sys

import pytest

from assay.errors import PlanError
from assay.measure.target.command import Command
from assay.measure.target.start import start


def _status_of(command: Command) -> tuple[int, int]:
    started = start(command, ())
    _, wait_status, _ = os.wait4(started.pid, 0)
    return started.pid, wait_status


def test_the_target_is_our_child_in_a_group_of_its_own() -> None:
    code = "import os, sys; sys.exit(7 if os.getpgrp() == os.getpid() and os.getppid() != 1 else 1)"
    _, wait_status = _status_of(Command(argv=(sys.executable, "-I", "-S", "-c", code)))
    assert os.waitstatus_to_exitcode(wait_status) == 7


def test_no_other_process_is_adopted_once_the_target_runs() -> None:
    orphan = "import os, time; os.fork() or (time.sleep(0.3), os._exit(0)); os._exit(0)"
    start_one = Command(argv=(sys.executable, "-I", "-S", "-c", orphan))
    pid, _ = _status_of(start_one)
    with pytest.raises(ChildProcessError):
        os.waitpid(-pid, os.WNOHANG)


def test_signals_that_python_ignores_are_at_their_default_in_the_target() -> None:
    pipe_and_file_size = 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1
    script = f'v=$(awk "/SigIgn/ {{print \\$2}}" /proc/self/status); [ $((0x$v & {pipe_and_file_size})) -eq 0 ]'
    assert _status_of(Command(argv=("sh", "-c", script)))[1] == 0


def test_the_starter_states_how_much_memory_it_had() -> None:
    started = start(Command(argv=("true",)), ())
    os.waitpid(started.pid, 0)
    assert 2 << 20 < started.launcher_peak_rss_bytes < 32 << 20
    assert started.start_ns > 0


def test_a_null_character_in_a_word_is_refused_before_anything_starts() -> None:
    with pytest.raises(PlanError, match="null character"):
        start(Command(argv=("true", "a\0b")), ())


def test_a_large_environment_and_many_words_arrive() -> None:
    words = tuple(str(number) for number in range(5_000))
    code = "import os, sys; sys.exit(0 if len(sys.argv) == 5001 and len(os.environ['BIG']) == 100000 else 1)"
    command = Command(argv=(sys.executable, "-I", "-S", "-c", code, *words), variables={"BIG": "x" * 100_000})
    assert _status_of(command)[1] == 0
