from __future__ import annotations

import numpy as np
import pytest

from assay.analyze.evidence.clocks import thread_clocks, total_seconds
from assay.analyze.evidence.waits import INDEX
from assay.record.diagnosis.findings import Clock
from tests.analyze.makers import MS, Piece, make_evidence, table


def test_every_interval_is_split_without_rest() -> None:
    evidence = make_evidence([Piece(ms=70), Piece(ms=90, wait="lock"), Piece(ms=40, wait="queued")], look_ms=30)
    [clocks] = evidence.clocks.values()
    assert clocks.shares.sum(axis=1) == pytest.approx(np.ones(len(clocks.shares)))
    seconds = clocks.seconds
    assert seconds[INDEX[Clock.CPU]] == pytest.approx(0.07)
    assert seconds[INDEX[Clock.LOCK]] == pytest.approx(0.09)
    assert seconds[INDEX[Clock.RUN_QUEUE]] == pytest.approx(0.04)


def test_what_the_counters_of_a_thread_that_never_sleeps_lack_was_given_to_others() -> None:
    rows = [
        {"time_ns": ms * MS, "pid": 1, "tid": 1, "state": "R", "cpu_ns": ms * MS // 2, "delay_ns": 0, "call": -1}
        for ms in (0, 100)
    ]
    assert total_seconds(thread_clocks(table("threads", rows)))[INDEX[Clock.RUN_QUEUE]] == pytest.approx(0.05)


def test_without_counters_the_state_at_both_ends_is_taken() -> None:
    rows = [
        {"time_ns": 0, "pid": 1, "tid": 1, "state": "R", "call": -1},
        {"time_ns": 100 * MS, "pid": 1, "tid": 1, "state": "R", "call": -1},
        {"time_ns": 200 * MS, "pid": 1, "tid": 1, "state": "S", "call": 230},
    ]
    seconds = total_seconds(thread_clocks(table("threads", rows)))
    assert seconds[INDEX[Clock.CPU]] == pytest.approx(0.15)
    assert seconds[INDEX[Clock.SLEEP]] == pytest.approx(0.05)


def test_a_sleep_whose_call_is_hidden_is_of_an_unknown_kind() -> None:
    rows = [
        {"time_ns": ms * MS, "pid": 1, "tid": 1, "state": "S", "cpu_ns": 0, "delay_ns": 0, "call": None}
        for ms in (0, 50, 100)
    ]
    assert total_seconds(thread_clocks(table("threads", rows)))[INDEX[Clock.UNKNOWN]] == pytest.approx(0.1)


def test_a_thread_that_was_seen_once_has_no_clocks() -> None:
    assert thread_clocks(table("threads", [{"time_ns": 0, "pid": 1, "tid": 1, "state": "R"}])) == {}
    assert thread_clocks(None) == {}
