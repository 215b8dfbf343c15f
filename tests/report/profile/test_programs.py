from __future__ import annotations

from assay.record.diagnosis.life import Life
from assay.report.profile.programs import program_name, program_names
from tests.analyze.makers import Piece, make_evidence


def test_a_process_is_called_by_its_last_program_and_else_by_its_number() -> None:
    evidence = make_evidence([Piece(ms=100)])
    evidence.lives = (
        Life(time_ns=0, event="seen", pid=1, executable="/bin/sh"),
        Life(time_ns=1, event="program", pid=1, executable="/usr/bin/python3"),
        Life(time_ns=1, event="seen", pid=2, name="worker"),
    )
    names = program_names(evidence)
    assert [program_name(names, pid) for pid in (1, 2, 3)] == ["python3", "worker", "process 3"]
