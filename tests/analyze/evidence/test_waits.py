from __future__ import annotations

import pytest

from assay.analyze.evidence.waits import CLOCKS, wait_classes
from assay.record.diagnosis.findings import Clock
from tests.analyze.makers import table


@pytest.mark.parametrize(
    ("row", "clock"),
    [
        ({"call": 230}, Clock.SLEEP),
        ({"call": 35}, Clock.SLEEP),
        ({"call": 61}, Clock.CHILD),
        ({"call": 202, "object": "futex:0x55f0@[heap]", "timed": False}, Clock.LOCK),
        ({"call": 202, "object": "futex:0x7f10@/usr/bin/python3.11", "timed": False}, Clock.LOCK),
        ({"call": 202, "object": "futex:0x7f10@/usr/lib/libpython3.12.so.1.0", "timed": True}, Clock.GIL),
        ({"call": 202, "object": "futex:0x7f10@[heap]", "timed": True}, Clock.LOCK),
        ({"call": 0, "object": "tcp:10.0.0.1:443"}, Clock.NETWORK),
        ({"call": 0, "object": "pipe"}, Clock.PIPE),
        ({"call": 45, "object": "unix"}, Clock.PIPE),
        ({"call": 0, "object": "/data/table.csv", "state": "D"}, Clock.DISK),
        ({"call": 0, "object": "/dev/pts/1"}, Clock.IDLE),
        ({"call": 232}, Clock.NETWORK),
        ({"call": 7, "object": "poll:pipe"}, Clock.PIPE),
        ({"call": 232, "object": "epoll:pipe+tcp"}, Clock.NETWORK),
        ({"call": 74, "object": "/data/log"}, Clock.DISK),
        ({"call": None, "wait": "hrtimer_nanosleep"}, Clock.SLEEP),
        ({"call": None, "wait": "folio_wait_bit_common", "state": "D"}, Clock.DISK),
        ({"call": None, "wait": "do_wait"}, Clock.CHILD),
        ({"call": None, "state": "D"}, Clock.DISK),
        ({"call": None}, Clock.UNKNOWN),
        ({"call": 5000}, Clock.UNKNOWN),
    ],
)
def test_the_call_and_its_object_say_what_a_thread_waits_for(row: dict[str, object], clock: Clock) -> None:
    base: dict[str, object] = {"time_ns": 1, "pid": 1, "tid": 1, "state": "S"}
    assert CLOCKS[wait_classes(table("threads", [{**base, **row}]))[0]] is clock
