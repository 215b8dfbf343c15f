"""What an attempt to open counters means."""

from __future__ import annotations

import errno
from pathlib import Path

from assay.observe.doctor.perf_findings import try_events
from tests.observe.doctor.hosts import make_surroundings


def test_the_kernels_part_is_given_up_before_the_counter_is(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def answer(event: str, share: str) -> int:
        asked.append((event, share))
        return errno.EACCES if share == "whole" else 0

    found = try_events(make_surroundings(tmp_path, open_counter=answer), ("cycles",), "x")
    assert asked == [("cycles", "whole"), ("cycles", "own")]
    assert found.found == "cycles: own code only (perf_event_paranoid unknown)"
    assert found.lost == "the kernel's share of every count"
