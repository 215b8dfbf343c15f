from __future__ import annotations

import pytest

from assay.record.diagnosis.findings import Clock
from assay.report.profile import timeline
from assay.report.profile.timeline import stretches_of, timeline_of
from tests.analyze.makers import Piece, make_evidence


def test_each_thread_is_cut_into_stretches_by_clock() -> None:
    evidence = make_evidence([Piece(ms=500), Piece(ms=500, wait="sleep")])
    found = timeline_of(evidence)
    assert found is not None
    (line,) = found.threads
    assert line.name == "process 100 100/100"
    assert len(line.shares[Clock.CPU]) == stretches_of(evidence.wall_s)
    assert line.shares[Clock.CPU][10] == 100
    assert line.shares[Clock.SLEEP][-10] == 100


def test_threads_beyond_the_room_share_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_THREADS", 2)
    found = timeline_of(make_evidence(*([Piece(ms=100)] for _ in range(5))))
    assert found is not None
    assert [line.name for line in found.threads][2:] == ["3 more threads together"]
    assert found.threads[2].shares[Clock.CPU][5] == 100


def test_without_looks_there_is_no_timeline() -> None:
    evidence = make_evidence([Piece(ms=100)])
    evidence.tables = {}
    assert timeline_of(evidence) is None


def test_there_are_as_many_stretches_as_looks_within_bounds() -> None:
    assert [stretches_of(wall_s) for wall_s in (0.5, 10.0, 3600.0)] == [200, 500, 2000]
