from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from assay.measure.observers.board import Board, Moment
from assay.record.diagnosis.findings import Clock
from tests.observe.collectors.targets import Sink

SECOND_NS = 1_000_000_000


class Viewer:
    """Keeps what it was shown."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []
        self.gave_way = 0

    def show(self, moment: Moment) -> None:
        self.moments.append(moment)

    def give_way(self) -> None:
        self.gave_way += 1

    def passed(self, data: bytes) -> None:
        """Nothing is passed here."""


def _process(at_s: float, pid: int, cpu_s: float, rss: int, threads: int) -> tuple[object, ...]:
    user_ns = int(cpu_s * SECOND_NS)
    rest = (None,) * 8
    return (int(at_s * SECOND_NS), pid, "S", threads, user_ns, 0, 0, 0, rss, None, None, 0, 0, *rest)


def test_a_moment_is_put_together_from_the_rows_that_pass(tmp_path: Path) -> None:
    viewer, sink = Viewer(), Sink(tmp_path)
    board = Board(viewer)
    over = board.over(sink)
    over.table("processes").extend([_process(1.0, 7, 0.0, 10, 1), _process(2.0, 7, 0.5, 30, 2)])
    over.table("processes").append(*_process(2.0, 8, 0.0, 5, 1))
    over.table("frames").extend(
        [
            (-1, "<module>", "/job/run.py", 9),
            (0, "work", "/job/run.py", 3),
            (1, "dumps", "/usr/lib/python3.11/json.py", 2),
        ]
    )
    over.table("stacks").extend([(2 * SECOND_NS, 7, 7, node, True) for node in (2, 2, 2, 0, -1)])
    over.table("threads").extend(
        [(int(at * SECOND_NS), 7, 7, "S", int(at * SECOND_NS / 2), 0, 35, None, None, None) for at in (1.0, 1.5, 2.0)]
    )
    board.look(2 * SECOND_NS)
    (moment,) = viewer.moments
    assert (moment.rss_bytes, moment.threads, moment.processes) == (35, 3, 2)
    assert moment.busy_cores == pytest.approx(0.5)
    assert dict(moment.clocks) == pytest.approx({Clock.CPU: 0.5, Clock.SLEEP: 0.5})
    assert [(one.function, one.line, one.share) for one in moment.places] == [("work", 3, 0.75), ("<module>", 9, 0.25)]
    assert len(sink.tables["processes"].rows) == 3


def test_what_is_older_than_the_last_moments_is_not_shown() -> None:
    viewer = Viewer()
    board = Board(viewer)
    board.note("processes", [_process(1.0, 7, 0.0, 10, 1)])
    board.note("native", [(1 * SECOND_NS, 7, 7, "memmove", "libc.so.6", None)])
    board.look(60 * SECOND_NS)
    assert viewer.moments[0].rss_bytes is None
    assert viewer.moments[0].places == ()


def test_a_program_without_python_is_shown_by_its_functions_on_the_processor() -> None:
    viewer = Viewer()
    board = Board(viewer)
    board.note("native", [(SECOND_NS, 7, 7, "memmove", "/lib/libc.so.6", None)] * 3)
    board.look(SECOND_NS)
    assert [(one.function, one.file, one.share) for one in viewer.moments[0].places] == [
        ("memmove", "/lib/libc.so.6", 1.0)
    ]


def test_a_row_that_can_not_be_shown_costs_the_view_and_nothing_else() -> None:
    viewer = Viewer()
    board = Board(viewer)
    wrong: Iterable[Sequence[object]] = [(SECOND_NS, 7)]
    board.note("processes", wrong)
    board.look(SECOND_NS)
    board.look(2 * SECOND_NS)
    assert (viewer.moments, viewer.gave_way) == ([], 1)
