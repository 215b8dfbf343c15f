from __future__ import annotations

import pytest

from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.life import Life
from assay.report.profile.stacks import stacks_of
from tests.analyze.makers import Piece, frame, make_evidence, table
from tests.report.profiles import two_threads


def test_every_second_of_every_sample_is_in_the_tree_once() -> None:
    stacks = two_threads().stacks
    assert stacks.seconds.sum() == pytest.approx(1.6, rel=0.03)
    assert stacks.seconds[:, INDEX[Clock.LOCK]].sum() == pytest.approx(0.8, rel=0.05)
    assert stacks.seconds.min() >= 0


def test_callers_stand_before_what_they_call_below_their_program() -> None:
    stacks = two_threads().stacks
    assert all(parent < row for row, parent in enumerate(stacks.parent))
    row = stacks.function.index("work")
    assert [stacks.function[one] for one in stacks.path(row)] == ["process 100", "main", "work"]
    assert stacks.line[row] == 6


def test_native_functions_share_the_processor_time_of_the_line_above_them() -> None:
    stacks = two_threads().stacks
    leaf, above = stacks.function.index("list_contains"), stacks.function.index("work")
    assert stacks.parent[leaf] == above
    assert stacks.seconds[leaf, INDEX[Clock.CPU]] > 0.3


def test_the_interpreter_s_own_functions_stay_with_the_line() -> None:
    evidence = make_evidence([Piece(ms=500, stack=(frame("f", 1),), symbol="_PyEval_EvalFrameDefault")])
    assert "_PyEval_EvalFrameDefault" not in stacks_of(evidence).stacks.function


def test_a_program_without_python_shows_its_native_stacks_and_its_waits() -> None:
    evidence = make_evidence([Piece(ms=600), Piece(ms=400, wait="disk")])
    rows = [
        {"time_ns": ms * 10**6, "pid": 100, "tid": 100, "symbol": "inner", "library": "a.out", "callers": "outer;main"}
        for ms in range(0, 600, 10)
    ]
    made = make_evidence([Piece(ms=600), Piece(ms=400, wait="disk")], tables={"native": table("native", rows)})
    stacks = stacks_of(made).stacks
    leaf = stacks.function.index("inner")
    assert [stacks.function[one] for one in stacks.path(leaf)] == ["process 100", "main", "outer", "inner"]
    assert stacks.seconds[leaf, INDEX[Clock.CPU]] == pytest.approx(0.6, rel=0.1)
    assert "(waiting for storage)" in stacks.function
    assert "(computing)" in stacks_of(evidence).stacks.function


def test_processes_of_one_program_share_its_frames() -> None:
    evidence = make_evidence([Piece(ms=300, stack=(frame("f", 1),))])
    evidence.lives = (Life(time_ns=0, event="seen", pid=100, executable="/usr/bin/python3.11"),)
    stacks = stacks_of(evidence).stacks
    assert stacks.function[0] == "python3.11"
    assert stacks.seconds.shape == (len(stacks), len(CLOCKS))
