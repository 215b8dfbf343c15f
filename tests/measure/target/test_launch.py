from __future__ import annotations

import signal
import time
from pathlib import Path

from assay.measure.target.command import Command
from assay.measure.target.launch import Child, _ended
from tests.measure.launching import python


def test_a_child_is_waited_for_once_and_its_end_stays_known() -> None:
    with Child(Command(argv=python("import sys; sys.exit(4)"))) as child:
        child.release()
        ended = child.wait()
        assert child.wait() is ended
    assert ended.exit_code == 4
    assert ended.end_ns > child.start_ns


def test_leaving_early_leaves_nothing_running() -> None:
    with Child(Command(argv=("sleep", "60"))) as child:
        child.release()
        pid = child.started.pid
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_signal_reaches_the_whole_group(tmp_path: Path) -> None:
    script = "sleep 60 & echo $! > pid.part && mv pid.part pid; wait"
    with Child(Command(argv=("sh", "-c", script), cwd=tmp_path)) as child:
        child.release()
        while not (tmp_path / "pid").exists():
            time.sleep(0.01)
        child.stop(signal.SIGKILL)
        assert child.wait().exit_code == -signal.SIGKILL
    grandchild = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat")
    for _ in range(100):
        if not grandchild.exists() or " Z " in grandchild.read_text():
            break
        time.sleep(0.02)
    else:
        raise AssertionError("the grandchild is still running")


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with Child(Command(argv=("true",))) as child:
        child.release()
        child.wait()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_times_of_microseconds_are_read_as_they_are_written() -> None:
    """Python writes 4e-06, without a point; whole seconds too may be written without one."""
    words = ["17", "0", "4e-06", "2", *(str(count) for count in range(14))]
    usage = _ended(10, words).usage
    assert usage is not None
    assert (usage.ru_utime, usage.ru_stime, usage.ru_maxrss, usage.ru_nivcsw) == (4e-06, 2.0, 0, 13)
