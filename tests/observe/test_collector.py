from __future__ import annotations

from assay.observe.collector import COLLECTORS, default_collectors


def test_the_default_collectors_are_those_that_say_so_sorted() -> None:
    names = default_collectors()
    assert list(names) == sorted(names)
    assert set(names) < set(COLLECTORS.names())
    assert "null" not in names
    assert {"rusage", "process"} <= set(names)
