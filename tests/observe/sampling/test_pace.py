from __future__ import annotations

import time

from assay.observe.sampling.pace import Pace

MS = 1_000_000


def _looks(pace: Pace, cost_ns: int, *, seconds: int) -> int:
    """Looks of that cost in some seconds, asked for every 20 ms."""
    count = 0
    for step in range(seconds * 50):
        if pace.due(step * 20 * MS):
            pace.paid(cost_ns)
            count += 1
    return count


def test_a_cheap_look_comes_as_often_as_wanted() -> None:
    assert _looks(Pace(fastest_ns=20 * MS, slowest_ns=1000 * MS, share=0.01), 50_000, seconds=10) == 500


def test_a_dear_look_keeps_to_its_share() -> None:
    looks = _looks(Pace(fastest_ns=20 * MS, slowest_ns=60_000 * MS, share=0.01), 2 * MS, seconds=100)
    assert 500 <= looks <= 510  # 1 % of 100 s, and the credit


def test_the_slowest_interval_holds_whatever_a_look_costs() -> None:
    assert _looks(Pace(fastest_ns=20 * MS, slowest_ns=1000 * MS, share=0.01), 500 * MS, seconds=100) >= 98


def test_time_without_looks_earns_no_more_than_the_credit() -> None:
    pace = Pace(fastest_ns=20 * MS, slowest_ns=10_000 * MS, share=0.01, credit_ns=10 * MS)
    for now_ns in (0, 3600_000 * MS):
        assert pace.due(now_ns)
        pace.paid(20 * MS)
    assert not pace.due(3600_000 * MS + 900 * MS)
    assert pace.due(3600_000 * MS + 1000 * MS)


def test_what_the_thread_computes_is_paid() -> None:
    pace = Pace(fastest_ns=20 * MS, slowest_ns=60_000 * MS, share=0.01, credit_ns=0)
    pace.due(0)
    with pace:
        until_ns = time.thread_time_ns() + 5 * MS
        while time.thread_time_ns() < until_ns:
            pass
    assert not pace.due(450 * MS)
