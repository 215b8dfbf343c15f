"""Targets that do what they should not: the status is right, nothing hangs, is lost or left running."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.program import User
from tests.e2e.watched import Observed, profiled

MOST_MIB = 200
"""Assay's own memory, whatever the target does."""


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)


def _python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


def _is_well(observed: Observed) -> None:
    """What holds for every target."""
    assert observed.left == []
    assert "Traceback" not in observed.stderr
    assert observed.peak_mib < MOST_MIB
    assert observed.record["status"] in {"complete", "failed", "timed_out"}


DAEMON = """
import os, time
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
{more}
time.sleep(100)
"""


@pytest.mark.parametrize(
    "more", ["", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)", "os.chdir('/'); os.closerange(0, 3)"]
)
def test_a_daemon_is_followed_and_ended_with_its_target(user: User, more: str) -> None:
    observed = profiled(user, *_python(DAEMON.format(more=more)))
    _is_well(observed)
    assert (observed.status, observed.record["status"]) == (0, "complete")
    assert "processes_outlived" in observed.flags


def test_a_daemon_may_go_on_where_that_is_wanted(user: User) -> None:
    observed = profiled(user, "sh", "-c", "setsid sleep 47 & echo $! > pid; exit 4", options=("--leave-running",))
    assert observed.status == 4
    os.kill(int((user.work / "pid").read_text()), signal.SIGKILL)
    assert "sleep 47 " in observed.left


@pytest.mark.parametrize("deaf_to", ["TERM", "INT TERM HUP QUIT"])
def test_a_target_that_heeds_no_signal_is_ended_all_the_same(user: User, deaf_to: str) -> None:
    script = f"trap '' {deaf_to}; while :; do sleep 1; done"
    observed = profiled(user, "sh", "-c", script, options=("--timeout", "0.5"))
    _is_well(observed)
    assert (observed.status, observed.record["status"]) == (124, "timed_out")


def test_a_target_that_closes_its_streams_is_watched_to_its_end(user: User) -> None:
    code = "import os, time; os.closerange(0, 3); time.sleep(0.3); os._exit(5)"
    for options in ((), ("--capture",)):
        observed = profiled(user, *_python(code), options=options)
        _is_well(observed)
        assert observed.status == 5


def test_a_flood_of_output_is_passed_on_and_kept_at_both_ends(user: User) -> None:
    mebibytes = 1024
    observed = profiled(user, "sh", "-c", f"head -c {mebibytes}M /dev/zero", options=("--capture",))
    (user.home / "out").unlink()
    _is_well(observed)
    assert observed.status == 0
    assert observed.stdout_bytes == mebibytes << 20
    assert observed.record["outcome"]["stdout_bytes"] == mebibytes << 20
    (log,) = [artifact for artifact in observed.record["artifacts"] if artifact["file"] == "stdout.log"]
    assert log["size_bytes"] < 2 << 20


def test_a_program_that_ends_at_once_is_a_run(user: User) -> None:
    observed = profiled(user, "true")
    _is_well(observed)
    assert (observed.status, observed.record["status"]) == (0, "complete")


def test_a_storm_of_forks_is_ended_whole(user: User) -> None:
    storm = """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
end_s = time.monotonic() + 60
for _ in range(60):
    if os.fork() == 0:
        while time.monotonic() < end_s:
            if os.fork() == 0:
                os.setsid()
                time.sleep(0.05)
                os._exit(0)
            time.sleep(0.02)
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                pass
        os._exit(0)
time.sleep(60)
"""
    observed = profiled(user, *_python(storm), options=("--timeout", "2"))
    _is_well(observed)
    assert observed.status == 124


def test_children_that_nobody_waits_for_are_no_trouble(user: User) -> None:
    code = "import os, time\nfor _ in range(300):\n os.fork() or os._exit(0)\ntime.sleep(0.3)"
    observed = profiled(user, *_python(code))
    _is_well(observed)
    assert observed.status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a program of another user")
def test_a_program_that_runs_as_somebody_else_is_measured(user: User) -> None:
    program = user.work / "sleeper"
    shutil.copy("/bin/sleep", program)
    os.chown(program, 65534, 65534)
    program.chmod(0o6755)
    observed = profiled(user, "./sleeper", "0.5")
    _is_well(observed)
    assert observed.status == 0
    assert profiled(user, "./sleeper", "30", options=("--timeout", "0.5")).status == 124


@pytest.mark.parametrize(
    ("content", "mode", "status"),
    [
        (b"#!/bin/sh\n", 0o644, 126),
        (b"\x7fELF and then nothing", 0o755, 126),
        (b"#!/no/such/interpreter\n", 0o755, 126),
        (b"", 0o755, 126),
    ],
)
def test_what_can_not_be_executed_is_said(user: User, content: bytes, mode: int, status: int) -> None:
    (user.work / "noise").write_bytes(content)
    (user.work / "noise").chmod(mode)
    observed = profiled(user, "./noise")
    assert observed.status == status
    assert observed.left == []
    assert "Traceback" not in observed.stderr
    assert observed.stderr


def test_a_target_that_deletes_its_own_folder_is_a_run(user: User) -> None:
    observed = profiled(user, "sh", "-c", 'rm -rf "$PWD"; sleep 0.2; exit 6')
    assert observed.status == 6
    assert observed.left == []
    assert "Traceback" not in observed.stderr
    assert len(user.gets("runs", "list", "--json").splitlines()) > 0


def test_names_full_of_control_characters_are_measured_and_shown_harmlessly(user: User) -> None:
    name = "evil\x1b[31m\n\x07) S 1 (\t\\n\u202e"
    folder = user.work / f"folder{name}"
    folder.mkdir()
    program = folder / name
    shutil.copy("/bin/sleep", program)
    Path(user.work / "link").symlink_to(program)
    observed = profiled(user, str(program), "0.3", options=("--name", name, "--workload", name))
    _is_well(observed)
    assert observed.status == 0
    shown = user.gets("runs", "show", "@latest") + user.gets("runs", "list") + observed.stderr
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown


def test_bytes_that_are_no_text_are_measured(user: User) -> None:
    word = os.fsdecode(b"\xff\xfe\x80")
    program = user.work / f"p{word}"
    shutil.copy("/bin/sleep", program)
    observed = profiled(user, f"./p{word}", "0.2")
    _is_well(observed)
    assert observed.status == 0
    assert profiled(user, "sh", "-c", "sleep 0.1", word).status == 0


def test_a_target_that_ends_the_process_which_waits_for_it_loses_no_run(user: User) -> None:
    observed = profiled(user, "sh", "-c", "kill -KILL $PPID; sleep 30")
    _is_well(observed)
    assert observed.record["status"] == "failed"
    assert observed.status == 125


def test_a_target_that_suspends_itself_does_not_outlast_its_limit(user: User) -> None:
    observed = profiled(user, "sh", "-c", "kill -STOP $$; exit 3", options=("--timeout", "0.5"))
    _is_well(observed)
    assert observed.status == 124


def test_streams_that_are_closed_beforehand_are_no_trouble(user: User) -> None:
    observed = profiled(user, "sh", "-c", "exit 3", closed=True)
    _is_well(observed)
    assert observed.status == 3
    assert profiled(user, "sh", "-c", "exit 3", options=("--capture",), closed=True).status == 3


def test_no_open_file_of_the_observer_reaches_the_target(user: User) -> None:
    code = "import os, sys; sys.exit(len(os.listdir('/proc/self/fd')))"
    observed = profiled(user, *_python(code))
    _is_well(observed)
    assert observed.status == 4  # three streams, and the one that lists them
