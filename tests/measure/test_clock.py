from __future__ import annotations

import time

from assay.measure.clock import Anchor, clock_between, take_anchor


def test_an_anchor_lies_between_readings_around_it() -> None:
    before_ns, before_utc_ns = time.perf_counter_ns(), time.time_ns()
    anchor = take_anchor()
    after_ns, after_utc_ns = time.perf_counter_ns(), time.time_ns()
    assert before_ns <= anchor.monotonic_ns <= after_ns
    assert before_utc_ns <= anchor.utc_ns <= after_utc_ns
    assert 0 < anchor.error_ns <= after_ns - before_ns


def test_the_time_base_carries_the_worse_error_of_both_ends() -> None:
    start = Anchor(monotonic_ns=10, utc_ns=1_000, error_ns=3)
    end = Anchor(monotonic_ns=20, utc_ns=1_010, error_ns=7)
    clock = clock_between(start, end)
    assert (clock.start_ns, clock.end_ns, clock.start_utc_ns, clock.end_utc_ns) == (10, 20, 1_000, 1_010)
    assert clock.anchor_error_ns == 7
