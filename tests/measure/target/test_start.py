from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from assay.errors import PlanError
from assay.measure.target.command import Command
from assay.measure.target.start import Held


def _status_of(command: Command) -> int:
    held = Held(command, {})
    held.release()
    status = _end(held)
    held.close()
    held.keeper.wait()
    return status


def _end(held: Held) -> int:
    while True:
        for event in held.events() or ():
            if event[0] == "ended":
                return int(event[2])


def test_the_target_is_below_us_in_a_group_of_its_own() -> None:
    code = "import os, sys; sys.exit(7 if os.getpgrp() == os.getpid() and os.getppid() != 1 else 1)"
    status = _status_of(Command(argv=(sys.executable, "-I", "-S", "-c", code)))
    assert os.waitstatus_to_exitcode(status) == 7


def test_orphans_of_the_target_do_not_become_ours() -> None:
    orphan = "import os, time; os.fork() or (time.sleep(0.2), os._exit(0)); os._exit(0)"
    held = Held(Command(argv=(sys.executable, "-I", "-S", "-c", orphan)), {})
    held.release()
    assert _end(held) == 0
    with pytest.raises(ChildProcessError):
        os.waitpid(-held.started.pid, os.WNOHANG)
    held.close()
    assert held.keeper.wait() == 0


def test_signals_that_python_ignores_are_at_their_default_in_the_target() -> None:
    pipe_and_file_size = 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1
    script = f'v=$(awk "/SigIgn/ {{print \\$2}}" /proc/self/status); [ $((0x$v & {pipe_and_file_size})) -eq 0 ]'
    assert _status_of(Command(argv=("sh", "-c", script))) == 0


def test_a_target_that_is_ended_before_its_gate_opens_has_that_end() -> None:
    held = Held(Command(argv=("true",)), {})
    os.kill(held.started.pid, signal.SIGKILL)
    time.sleep(0.05)
    assert held.release() == 0
    assert os.waitstatus_to_exitcode(_end(held)) == -signal.SIGKILL
    held.close()
    held.keeper.wait()


def test_the_starter_states_how_much_memory_it_had() -> None:
    held = Held(Command(argv=("true",)), {})
    assert 2 << 20 < held.started.launcher_peak_rss_bytes < 32 << 20
    assert held.release() > 0
    _end(held)
    held.close()
    held.keeper.wait()


def test_a_null_character_in_a_word_is_refused_before_anything_starts() -> None:
    with pytest.raises(PlanError, match="null character"):
        Held(Command(argv=("true", "a\0b")), {})


def test_a_large_environment_and_many_words_arrive() -> None:
    words = tuple(str(number) for number in range(5_000))
    code = "import os, sys; sys.exit(0 if len(sys.argv) == 5001 and len(os.environ['BIG']) == 100000 else 1)"
    command = Command(argv=(sys.executable, "-I", "-S", "-c", code, *words), variables={"BIG": "x" * 100_000})
    assert _status_of(command) == 0
