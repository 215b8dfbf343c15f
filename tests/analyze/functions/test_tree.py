from __future__ import annotations

import msgspec
import pytest

from assay.analyze.evidence.tables import Table
from assay.analyze.places import places_of
from assay.record.diagnosis.findings import Scope
from assay.record.diagnosis.life import Life
from tests.analyze.functions.test_series import at_run
from tests.analyze.functions.test_time import value
from tests.analyze.makers import Piece, frame, make_evidence, processes_of

STACK = (frame("work", 1),)


def test_busy_processors_and_the_share_of_the_kernel_are_told() -> None:
    tables = processes_of(cpu_ms=1500, wall_ms=1000, system_ns=[5_000_000 * number for number in range(11)])
    evidence = make_evidence([Piece(ms=1000, stack=STACK)], tables=tables, cores=3)
    assert at_run("busy_cores()", evidence) == pytest.approx(1.55)
    assert at_run("system_share()", evidence) == pytest.approx(0.05 / 1.55)
    assert at_run("cores()", evidence) == 3


def test_ended_children_count_even_if_nobody_saw_them() -> None:
    ended = [30_000_000 * number for number in range(11)]
    tables = processes_of(cpu_ms=100, wall_ms=1000, children_user_ns=ended)
    assert at_run("ended_children_share()", make_evidence([Piece(ms=1000)], tables=tables)) == pytest.approx(0.75)


def test_a_worker_that_has_most_of_the_work_is_an_imbalance() -> None:
    idle = Piece(ms=1000, stack=STACK, wait="lock")
    busy = [Piece(ms=1000, stack=STACK)]
    short = [Piece(ms=200, stack=STACK), Piece(ms=800, stack=STACK, wait="lock")]
    evidence = make_evidence([idle], busy, short, short)
    assert at_run("imbalance()", evidence) == pytest.approx(1000 / (1400 / 3), rel=0.05)
    assert at_run("workers()", evidence) == 3
    assert at_run("lonely_share()", evidence) == pytest.approx(0.8, abs=0.03)
    assert at_run("shared_work()", evidence) == 1.0
    assert at_run("shared_work()", make_evidence(busy, busy, busy)) == pytest.approx(2 / 3, abs=0.03)
    assert at_run("imbalance()", make_evidence(busy, busy, busy)) == pytest.approx(1.0, abs=0.05)


def test_stages_of_a_pipe_are_no_workers_of_one_kind() -> None:
    idle, busy, short = Piece(ms=1000, wait="lock"), Piece(ms=1000), Piece(ms=200)
    evidence = make_evidence([idle], [busy], [short, Piece(ms=800, wait="lock")])
    assert at_run("imbalance()", evidence) == pytest.approx(1000 / 600, rel=0.05)
    threads = evidence.tables["threads"]
    apart = Table({**threads.columns, "pid": threads["tid"]}, threads.names)
    pids = sorted(set(threads["tid"].tolist()))
    lives = tuple(Life(time_ns=0, event="seen", pid=pid, executable=f"/bin/stage{pid}") for pid in pids)
    tables = {**evidence.tables, "threads": apart}
    piped = msgspec.structs.replace(evidence, tables=tables, lives=lives, root=(pids[0], pids[0]))
    assert at_run("imbalance()", piped) is None


def test_a_worker_that_waits_for_a_processor_works_and_one_that_never_worked_is_none() -> None:
    idle, queued = [Piece(ms=1000, wait="lock")], [Piece(ms=500), Piece(ms=500, wait="queued")]
    evidence = make_evidence(idle, queued, [Piece(ms=500), Piece(ms=500, wait="lock")], idle)
    assert at_run("imbalance()", evidence) == pytest.approx(1.0, abs=0.05)
    assert at_run("lonely_share()", evidence) == pytest.approx(0.5, abs=0.05)
    assert at_run("main_share()", evidence) == pytest.approx(0.0, abs=0.05)
    assert at_run("main_share()", make_evidence(queued, idle)) == pytest.approx(1.0, abs=0.05)


def test_programs_of_the_tree_are_known_by_their_files() -> None:
    lives = tuple(
        Life(time_ns=number, event="seen", pid=100 + number, executable=file, python=python)
        for number, (file, python) in enumerate([("/usr/bin/make", None), ("/usr/bin/python3.11", "3.11")])
    )
    evidence = make_evidence([Piece(ms=1000, stack=STACK)], tables=processes_of(cpu_ms=1, wall_ms=1000))
    evidence = msgspec.structs.replace(evidence, lives=lives)
    assert at_run('program("make$")', evidence) is True
    assert at_run('program("cargo")', evidence) is False
    assert at_run("runs_python()", evidence) is True
    assert at_run("processes_seen()", evidence) == 1
    assert at_run("starts_per_s()", evidence) == pytest.approx(1.0)
    programs = {place.location.program: place for place in places_of(evidence, Scope.PROCESS)}
    assert value('program("make$")', programs["/usr/bin/make"]) is True
    assert value('program("make$")', programs["/usr/bin/python3.11"]) is False
    assert value("stack_samples()", programs["/usr/bin/make"]) == 100
