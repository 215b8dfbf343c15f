from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

from assay.measure.target.reach import below, signal_tree


def _count(pid: int, wanted: int) -> list[int]:
    """Descendants, once there are as many as wanted."""
    deadline_s = time.monotonic() + 20
    while len(found := list(below(pid))) != wanted:
        assert time.monotonic() < deadline_s, found
        time.sleep(0.01)
    return found


def test_whoever_left_the_group_but_not_the_tree_gets_the_signal_too(tmp_path: Path) -> None:
    # the outer shell stands for the keeper, the one in its own session for the target, which has a child in another
    script = "setsid sh -c 'echo $$ > pid; setsid sleep 60 & sleep 61' & wait; wait; exit 3"
    keeper = subprocess.Popen(["sh", "-c", script], cwd=tmp_path)
    found = _count(keeper.pid, 3)
    group = int((tmp_path / "pid").read_text())
    assert group in found
    signal_tree(keeper.pid, group, signal.SIGKILL)
    signal_tree(keeper.pid, group, signal.SIGKILL)  # whom the end of its parent moved up meanwhile
    assert keeper.wait() == 3
    assert [pid for pid in found if not _is_over(pid)] == []


def _is_over(pid: int) -> bool:
    """Whether a process ends soon; on a busy machine a killed one may still have to get its turn."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(500):
        try:
            if " Z " in stat.read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_tree_that_is_gone_takes_no_signal() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert list(below(process.pid)) == []
    signal_tree(process.pid, process.pid, signal.SIGKILL)
