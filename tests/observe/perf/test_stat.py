from __future__ import annotations

import shutil
import subprocess
import sys
import time

import pytest

from assay.observe.perf.stat import COUNTED, Line, PerfStat, read_line
from assay.observe.perf.tool import tracepoints, tracepoints_obstacle


def test_a_line_is_a_time_a_call_and_a_count() -> None:
    assert read_line("     1.100179905,13752,,syscalls:sys_enter_read,48719417,100.00,,\n") == Line(
        1_100179905, "read", 13752
    )


@pytest.mark.parametrize(
    "text", ["", "# started", "0.1,<not counted>,,syscalls:sys_enter_read,0,0.00,,", "0.1,5,,cycles,"]
)
def test_other_lines_are_passed_over(text: str) -> None:
    assert read_line(text) is None


@pytest.mark.skipif(tracepoints_obstacle() is not None, reason=str(tracepoints_obstacle()))
def test_calls_of_a_process_and_its_children_are_counted_one_by_one() -> None:
    program = "import os, sys\nsys.stdin.readline()\nfor _ in range(500): os.sched_yield()\n"
    program += "if os.fork() == 0:\n    for _ in range(70): os.sched_yield()\n    os._exit(0)\nos.wait()\n"
    before_ns = time.perf_counter_ns()
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        there = tracepoints() or frozenset()
        stat = PerfStat(str(shutil.which("perf")), process.pid, [name for name in COUNTED if name in there])
        ready = stat.wait_until_ready()
        process.communicate(b"\n")
    complaint = stat.close()
    if not ready:
        pytest.skip(f"perf was late: {complaint}")
    counts = stat.take()
    assert sum(count.entries for count in counts if count.name == "sched_yield") == 570
    assert all(count.end_ns > before_ns for count in counts)
