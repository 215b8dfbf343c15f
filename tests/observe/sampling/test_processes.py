from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from assay.observe.sampling.held import Budget
from assay.observe.sampling.processes import Process, Processes
from assay.record.diagnosis.raw import PROCESSES

BUSY = "import os, time; x = bytearray(b'1') * (30 << 20); open('/dev/null', 'wb').write(x); print(1, flush=True); \
os.system('sleep 0.1'); [sum(range(1000)) for _ in range(20000)]; print(2, flush=True); time.sleep(60)"


def _row(process: Process) -> dict[str, Any]:
    look = process.look(time.perf_counter_ns())
    assert look is not None
    return dict(zip(PROCESSES.names, look.row, strict=True))


def test_a_row_holds_what_the_kernel_counted() -> None:
    target = subprocess.Popen([sys.executable, "-I", "-S", "-c", BUSY], stdout=subprocess.PIPE)
    assert target.stdout is not None
    for _ in range(2):
        target.stdout.readline()
    process = Process(target.pid, Budget())
    row = _row(process)
    assert (row["pid"], row["threads"]) == (target.pid, 1)
    assert row["user_ns"] + row["system_ns"] > 10_000_000
    assert row["rss_bytes"] > 30 << 20
    assert 30 << 20 < row["own_bytes"] <= row["rss_bytes"]
    assert row["written_chars"] > 30 << 20
    assert row["minor_faults"] > 100
    assert row["voluntary_switches"] > 0
    assert row["descriptors"] == 3
    again = _row(process)
    assert again["time_ns"] > row["time_ns"]
    assert (again["own_bytes"], again["descriptors"]) == (None, None)  # dear to read, so not at every look
    target.kill()
    target.communicate()
    assert process.look(time.perf_counter_ns()) is None
    process.close()


def test_processes_that_come_and_go_are_followed() -> None:
    targets = [subprocess.Popen(["sleep", "60"]) for _ in range(2)]
    processes = Processes()
    both = processes.look([target.pid for target in targets])
    assert len(both) == 2
    assert len({look.row[0] for look in both}) == 1
    targets[0].kill()
    targets[0].wait()
    assert len(processes.look([target.pid for target in targets])) == 1
    assert processes.look([]) == []
    targets[1].kill()
    targets[1].wait()
    time.sleep(0)
    processes.close()
