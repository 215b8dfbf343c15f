from __future__ import annotations

import os
import re

from assay.observe.sampling.readings import Machine, counters, stalls


def test_totals_of_a_pressure_file_are_named_by_who_waited() -> None:
    data = b"some avg10=1.53 avg60=0.87 avg300=0.53 total=1234\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=99\n"
    assert dict(stalls("pressure_io", data)) == {"pressure_io_some_us": 1234.0, "pressure_io_full_us": 99.0}
    assert list(stalls("pressure_io", None)) == []


def test_counters_of_the_machine_are_read_in_their_units() -> None:
    tick_s = 1 / os.sysconf("SC_CLK_TCK")
    data = b"cpu  10 20 30 400 50 0 0 6 0 0\ncpu0 1 2 3 4 5 6 7 8\nctxt 77\nprocesses 88\nprocs_running 3\n"
    assert dict(counters(data)) == {
        "idle_s": 400 * tick_s, "iowait_s": 50 * tick_s, "steal_s": 6 * tick_s,
        "context_switches": 77.0, "forks": 88.0, "running_tasks": 3.0,
    }  # fmt: skip
    assert list(counters(None)) == []


def test_this_machine_has_readings_and_each_once() -> None:
    names = [name for name, _ in Machine(os.getpid()).readings()]
    assert {"forks", "steal_s", "load_1min", "available_bytes"} <= set(names)
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)


def test_a_process_that_is_gone_has_no_group_and_the_machine_goes_on() -> None:
    assert dict(Machine(0).readings())["forks"] > 0
