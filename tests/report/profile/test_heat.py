from __future__ import annotations

import pytest

from assay.record.diagnosis.findings import Clock
from assay.report.profile.heat import heat_of
from tests.analyze.makers import LIBRARY, Piece, frame, make_evidence
from tests.report.profiles import SOURCE, two_threads


def test_each_line_has_its_time_by_clock() -> None:
    (one,) = two_threads().heat
    assert one.lines == tuple(SOURCE.splitlines())
    assert one.seconds[6][Clock.CPU] == pytest.approx(0.7, rel=0.1)
    assert max(one.seconds[2], key=lambda clock: one.seconds[2][clock]) is Clock.SLEEP


def test_time_in_libraries_counts_at_the_line_that_called_them() -> None:
    inner = frame("dumps", 99, f"{LIBRARY}/json.py")
    evidence = make_evidence([Piece(ms=200, stack=(frame("f", 3), inner))], sources={"/home/me/job.py": "a\nb\nc\n"})
    (one,) = heat_of(evidence)
    assert list(one.seconds) == [3]


def test_files_that_took_no_time_are_left_out() -> None:
    evidence = make_evidence([Piece(ms=200, stack=(frame("f", 3),))], sources={"/other.py": "x\n"})
    assert heat_of(evidence) == ()
