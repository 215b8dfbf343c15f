from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from assay.measure.streams.output import CappedLog
from assay.measure.streams.pump import Pump
from assay.measure.target.command import Command
from assay.measure.target.ladder import Cause, Limits
from assay.measure.target.launch import Child
from assay.measure.target.stop import StopRequests
from assay.measure.target.watch import Look, Watch, Watched
from assay.observe.collector import Ended, Observation
from tests.measure.launching import python

IGNORES_BOTH = (
    "import signal, time; [signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)]; \
open('ready', 'w'); time.sleep(60)"
)


class Counting:
    """An observer that counts its looks."""

    def __init__(self, pause_ns: int | None = None) -> None:
        self.looks: list[int] = []
        self.pause_ns = pause_ns

    def look(self, now_ns: int, /) -> int | None:
        self.looks.append(now_ns)
        return self.pause_ns

    def finish(self, _ended: Ended, /) -> Observation:
        return Observation()


def _watch(
    tmp_path: Path,
    argv: tuple[str, ...],
    *,
    timeout_s: float | None = None,
    looks: tuple[Counting, ...] = (),
    leave_running: bool = False,
) -> Watched:
    logs = [CappedLog(tmp_path / name) for name in ("out", "err")]
    try:
        with StopRequests() as stop, Child(Command(argv=argv, cwd=tmp_path, leave_running=leave_running)) as child:
            child.release()
            waiting = [Look(observer=look, interval_ns=20_000_000) for look in looks]
            return Watch(child, Pump(child.pipes(), logs), waiting, stop).until_the_end(Limits(timeout_s=timeout_s))
    finally:
        for log in logs:
            log.close()


def test_much_output_on_both_streams_is_taken_without_blocking_the_target(tmp_path: Path) -> None:
    code = "import sys; [print('x' * 99, file=stream) for _ in range(4000) for stream in (sys.stdout, sys.stderr)]"
    watched = _watch(tmp_path, python(code))
    assert watched.cause is Cause.ENDED
    assert [(tmp_path / name).stat().st_size for name in ("out", "err")] == [400_000, 400_000]


def test_observers_look_again_and_again_and_never_in_a_burst(tmp_path: Path) -> None:
    counting = Counting()
    _watch(tmp_path, ("sleep", "0.5"), looks=(counting,))
    assert 2 <= len(counting.looks) <= 27
    assert counting.looks == sorted(set(counting.looks))


def test_an_observer_that_wants_to_rest_is_left_alone(tmp_path: Path) -> None:
    resting = Counting(pause_ns=10_000_000_000)
    _watch(tmp_path, ("sleep", "0.3"), looks=(resting,))
    assert len(resting.looks) == 1


def test_looks_that_are_nearly_due_come_together(tmp_path: Path) -> None:
    often, seldom = Counting(pause_ns=50_000_000), Counting(pause_ns=55_000_000)
    _watch(tmp_path, ("sleep", "0.5"), looks=(often, seldom))
    assert set(seldom.looks) & set(often.looks[1:])


def test_a_target_that_ignores_the_first_signal_gets_the_last_one(tmp_path: Path) -> None:
    watched = _watch(tmp_path, python(IGNORES_BOTH), timeout_s=1.0)
    assert watched.cause is Cause.TIMED_OUT
    assert watched.ended.exit_code == -signal.SIGKILL


def test_who_asks_twice_gets_an_end_at_once(tmp_path: Path) -> None:
    def ask() -> None:
        while not (tmp_path / "ready").exists():
            time.sleep(0.01)
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)

    asker = threading.Thread(target=ask)
    asker.start()
    watched = _watch(tmp_path, python(IGNORES_BOTH))
    asker.join()
    assert watched.cause is Cause.INTERRUPTED
    assert watched.ended.exit_code == -signal.SIGKILL


@pytest.mark.parametrize("how", ["", "setsid "])
def test_what_outlives_the_target_is_ended_and_reported(tmp_path: Path, how: str) -> None:
    daemon = f"{how}sh -c 'trap : TERM; while :; do sleep 9; done' & echo $! > pid; echo done"
    watched = _watch(tmp_path, ("sh", "-c", daemon))
    assert watched.cause is Cause.ENDED
    assert watched.outlived >= 1
    assert watched.output_cut
    assert (tmp_path / "out").read_bytes() == b"done\n"
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


def test_what_outlives_the_target_goes_on_where_that_is_wanted(tmp_path: Path) -> None:
    script = "setsid sleep 60 & echo $! > pid"
    watched = _watch(tmp_path, ("sh", "-c", script), leave_running=True)
    assert watched.outlived == 1
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)


def test_a_closed_output_does_not_end_the_watch(tmp_path: Path) -> None:
    watched = _watch(tmp_path, python("import os, time; os.close(1); os.close(2); time.sleep(0.2); os._exit(5)"))
    assert watched.ended.exit_code == 5
    assert not watched.output_cut
