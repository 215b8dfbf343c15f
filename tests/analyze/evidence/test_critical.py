from __future__ import annotations

import pytest

from assay.analyze.evidence.critical import wall_clocks
from assay.analyze.evidence.waits import CLOCKS
from assay.record.diagnosis.findings import Clock
from tests.analyze.makers import MS, Piece, make_evidence


def shares(*threads: list[Piece], before_ms: int = 0) -> dict[Clock, float]:
    evidence = make_evidence(*threads)
    seconds = wall_clocks(evidence.clocks, evidence.root, -before_ms * MS, evidence.end_ns)
    assert seconds.sum() == pytest.approx((evidence.end_ns + before_ms * MS) / 1e9, rel=1e-6)
    return {clock: value for clock, value in zip(CLOCKS, seconds.tolist(), strict=True) if value > 0.011}


def test_waiting_for_a_worker_is_what_the_worker_did() -> None:
    main = [Piece(ms=200), Piece(ms=800, wait="lock")]
    worker = [Piece(ms=200, wait="lock"), Piece(ms=500), Piece(ms=300, wait="network")]
    assert shares(main, worker) == pytest.approx({Clock.CPU: 0.7, Clock.NETWORK: 0.3}, abs=0.03)


def test_waiting_for_nobody_stays_waiting() -> None:
    assert shares([Piece(ms=300), Piece(ms=700, wait="lock")]) == pytest.approx(
        {Clock.CPU: 0.3, Clock.LOCK: 0.7}, abs=0.02
    )


def test_what_others_do_does_not_matter_while_the_main_thread_works() -> None:
    main, other = [Piece(ms=1000)], [Piece(ms=1000, wait="network")]
    assert shares(main, other) == pytest.approx({Clock.CPU: 1.0}, abs=0.02)


def test_time_that_nobody_looked_at_is_unknown() -> None:
    assert shares([Piece(ms=500)], before_ms=100) == pytest.approx({Clock.CPU: 0.5, Clock.UNKNOWN: 0.1}, abs=0.02)


def test_without_the_main_thread_everything_is_unknown() -> None:
    seconds = wall_clocks({}, (1, 1), 0, 2_000_000_000)
    assert seconds[CLOCKS.index(Clock.UNKNOWN)] == pytest.approx(2.0)
