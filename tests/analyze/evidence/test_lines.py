from __future__ import annotations

import pytest

from assay.analyze.evidence.lines import samples_with_clocks
from assay.analyze.evidence.waits import INDEX
from assay.record.diagnosis.findings import Clock
from tests.analyze.makers import MS, Piece, frame, make_evidence, table

COMPUTE, REST = (frame("f", 1),), (frame("f", 2),)


def test_time_goes_to_the_line_that_was_awake_even_within_one_look() -> None:
    pieces = [
        piece for _ in range(50) for piece in (Piece(ms=10, stack=COMPUTE), Piece(ms=10, stack=REST, wait="sleep"))
    ]
    evidence = make_evidence(pieces, look_ms=70, sample_ms=10)
    samples = evidence.samples
    assert samples is not None
    computing = samples.node == 0
    assert samples.seconds[computing, INDEX[Clock.CPU]].sum() == pytest.approx(0.5, abs=0.02)
    assert samples.seconds[~computing, INDEX[Clock.CPU]].sum() == pytest.approx(0, abs=0.02)
    assert samples.seconds[:, INDEX[Clock.SLEEP]].sum() == pytest.approx(0.5, abs=0.05)


def test_a_thread_that_vanished_for_long_does_not_get_the_time_of_its_absence() -> None:
    times = [10, 20, 30, 40, 900, 910]
    stacks = table("stacks", [{"time_ns": ms * MS, "pid": 1, "tid": 1, "node": 0} for ms in times])
    assert samples_with_clocks(stacks, {}).seconds.sum() == pytest.approx(0.05 + 0.03)


def test_without_looks_a_sample_that_was_awake_counts_as_processor_time() -> None:
    rows = [{"time_ns": ms * MS, "pid": 1, "tid": 1, "node": 0, "running": ms < 50} for ms in range(10, 110, 10)]
    seconds = samples_with_clocks(table("stacks", rows), {}).seconds
    assert seconds[:, INDEX[Clock.CPU]].sum() == pytest.approx(0.04)
    assert seconds[:, INDEX[Clock.UNKNOWN]].sum() == pytest.approx(0.06)
