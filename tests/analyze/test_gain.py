from __future__ import annotations

import pytest

from assay.analyze.gain import gain_of
from assay.record.diagnosis.findings import Clock, Scope
from tests.analyze.functions.test_time import place
from tests.analyze.makers import Piece, frame, make_evidence

WORK, REST = (frame("work", 2),), (frame("rest", 3),)


def test_the_gain_is_the_share_of_the_wall_time_with_an_interval_around_it() -> None:
    turns = [piece for _ in range(40) for piece in (Piece(ms=30, stack=WORK), Piece(ms=70, stack=REST, wait="sleep"))]
    found = gain_of(place("work", Scope.LINE, make_evidence(turns)), (Clock.CPU,))
    assert found is not None
    assert found.share == pytest.approx(0.3, abs=0.02)
    assert found.low <= found.share <= found.high
    assert found.high - found.low < 0.1


def test_a_cost_that_comes_at_once_has_a_wide_interval() -> None:
    even = [piece for _ in range(20) for piece in (Piece(ms=50, stack=WORK), Piece(ms=50, stack=REST))]
    lump = [Piece(ms=1000, stack=WORK), Piece(ms=1000, stack=REST)]
    narrow = gain_of(place("work", Scope.LINE, make_evidence(even)), (Clock.CPU,))
    wide = gain_of(place("work", Scope.LINE, make_evidence(lump)), (Clock.CPU,))
    assert narrow is not None
    assert wide is not None
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_without_clocks_no_gain_is_stated() -> None:
    evidence = make_evidence([Piece(ms=500, stack=WORK)])
    assert gain_of(place("work", Scope.LINE, evidence), ()) is None
    evidence = make_evidence([Piece(ms=500, stack=WORK)])
    evidence.tables = {kind: table for kind, table in evidence.tables.items() if kind != "threads"}
    assert gain_of(place("work", Scope.LINE, evidence), (Clock.CPU,)) is None
