from __future__ import annotations

import errno
import platform
import select
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from assay.observe.perf import calls
from assay.observe.perf.calls import KINDS, CallCounters, counters_obstacle, entry_point
from assay.observe.sampling.syscalls import NUMBERS

_OBSTACLE = counters_obstacle()


def test_a_filter_names_the_numbers_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert calls._filter("fsync") == b"id==82||id==83||id==84||id==227||id==81||id==267"
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert calls._filter("connect") == b"id==42"


@pytest.mark.parametrize(("place", "machine"), [(0, "x86_64"), (1, "aarch64")])
def test_numbers_agree_with_those_of_waiting_calls(place: int, machine: str) -> None:
    known = {name: both[place] for kind in KINDS.values() for name, both in kind.items()}
    shared = known.keys() & NUMBERS[machine].keys()
    assert len(shared) >= 8
    assert {name: known[name] for name in shared} == {name: NUMBERS[machine][name] for name in shared}


def test_counting_needs_tracepoints_that_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "counting_obstacle", lambda: None)
    monkeypatch.setattr(calls, "sees_kernel", lambda: True)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(calls, "_TRACEFS", (tmp_path / "none", tmp_path))
    assert "tracepoints can't be read" in str(counters_obstacle())
    (tmp_path / "events/raw_syscalls/sys_enter").mkdir(parents=True)
    (tmp_path / "events/raw_syscalls/sys_enter/id").write_text("21\n")
    assert entry_point() == 21
    assert counters_obstacle() is None
    monkeypatch.setattr(platform, "machine", lambda: "vax")
    assert "vax are not known" in str(counters_obstacle())


@pytest.mark.skipif(_OBSTACLE is not None, reason=str(_OBSTACLE))
def test_calls_of_a_process_and_its_children_are_counted_one_by_one() -> None:
    program = "import os, sys\nsys.stdin.readline()\nfor _ in range(500): os.getppid()\n"
    program += "for _ in range(300): os.access('/nowhere', 0)\n"
    program += "if os.fork() == 0:\n    for _ in range(70): os.access('/nowhere', 0)\n    os._exit(0)\nos.wait()\n"
    before_ns = time.perf_counter_ns()
    with subprocess.Popen([sys.executable, "-S", "-c", program], stdin=subprocess.PIPE) as process:
        time.sleep(0.2)
        counters = CallCounters(process.pid, entry_point() or 0)
        early = counters.take()
        process.communicate(b"\n")
    late = counters.take()
    counters.close()
    found: Counter[str] = Counter()
    for count in (*early, *late):
        found[count.name] += count.entries
        assert before_ns < count.start_ns < count.end_ns
    assert 370 <= found["openat"] <= 1000
    assert "connect" not in found
    assert counters.take() == []


@pytest.mark.skipif(_OBSTACLE is not None, reason=str(_OBSTACLE))
def test_a_process_that_is_gone_is_refused() -> None:
    with pytest.raises(OSError, match="No such") as refused:
        CallCounters(2**22 + 1, entry_point() or 0)
    assert refused.value.errno in {errno.ESRCH, errno.ENOENT}


@pytest.mark.skipif(_OBSTACLE is not None, reason=str(_OBSTACLE))
def test_a_target_of_very_many_calls_is_counted_for_part_of_the_time() -> None:
    program = "import os\nfor _ in range(2_000_000): os.access('/nowhere', 0)\nprint('done', flush=True)\ninput()"
    words = [sys.executable, "-S", "-c", f"import sys; sys.stdin.readline()\n{program}"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        counters = CallCounters(process.pid, entry_point() or 0)
        process.stdin.write(b"\n")
        process.stdin.flush()
        found, rested = 0, False
        while not select.select([process.stdout], [], [], 0.15)[0]:
            found += sum(count.entries for count in counters.take() if count.name == "openat")
            rested |= counters._rest > 0
        process.communicate(b"\n")
        counters.close()
    assert rested
    assert 500_000 < found < 8_000_000
