from __future__ import annotations

from assay.observe.collector import COLLECTORS, default_collectors


def test_the_default_collectors_are_those_that_say_so_sorted() -> None:
    names = default_collectors()
    assert list(names) == sorted(names)
    assert set(names) < set(COLLECTORS.names())
    assert "null" not in names
    assert {"rusage", "process"} <= set(names)


def test_what_looks_for_causes_is_left_out_where_runs_are_compared() -> None:
    for_comparing = set(default_collectors(diagnosis=False))
    assert {"rusage", "process"} <= for_comparing
    assert {"stacks", "perf", "syscalls", "nvml"} == set(default_collectors()) - for_comparing
