from __future__ import annotations

import math
from pathlib import Path

import pytest

from assay.measure import Command, Design, Side, plan_command, run_interleaved
from assay.measure.interleave import positions
from assay.record.enums import Status
from assay.store import StoredRun, open_store
from tests.makers import make_environment
from tests.measure.launching import python


def _design(blocks: int, *, enough_blocks: int | None = None, budget_s: float = math.inf) -> Design:
    return Design(session="sitting", blocks=blocks, seed=7, enough_blocks=enough_blocks, budget_s=budget_s)


def _sides(tmp_path: Path) -> dict[str, Side]:
    commands = {side: Command(argv=python(f"print({side!r})"), cwd=tmp_path) for side in ("A", "B")}
    return {
        side: Side(command=command, plan=plan_command(command, collectors=("null",)))
        for side, command in commands.items()
    }


def test_each_block_holds_every_side_once() -> None:
    order = positions(["A", "B", "C"], _design(20))
    for block in range(20):
        assert sorted(str(p.side) for p in order if p.block == block) == ["A", "B", "C"]
    assert [p.block for p in order] == sorted(p.block or 0 for p in order)
    assert {p.session for p in order} == {"sitting"}


def test_the_order_inside_blocks_is_random_and_can_be_repeated() -> None:
    first = [position.side for position in positions(["A", "B"], _design(64))]
    assert first == [position.side for position in positions(["A", "B"], _design(64))]
    beginning = first[::2]
    assert 12 < beginning.count("A") < 52


def test_runs_are_sealed_with_their_place_in_the_design(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    told: list[StoredRun] = []
    runs = run_interleaved(_sides(tmp_path), _design(2), store, environment=make_environment(), after_each=told.append)
    assert [run.id for run in told] == [run.id for run in runs]
    found = sorted(
        (run.record.position.block, run.record.position.side, run.record.position.invocation) for run in runs
    )
    assert found == [(0, "A", 0), (0, "B", 0), (1, "A", 1), (1, "B", 1)]
    assert all(run.file("stdout.log").read_text().strip() == run.record.position.side for run in runs)
    assert {row.id for row in store.runs(session="sitting")} == {run.id for run in runs}


def test_time_ends_a_series_at_the_end_of_a_block_and_not_before_there_are_enough(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    design = _design(5, enough_blocks=2, budget_s=0.0)
    runs = run_interleaved(_sides(tmp_path), design, store, environment=make_environment())
    assert len(runs) == 4
    assert all(run.record.status is Status.COMPLETE for run in runs)


def test_an_interruption_ends_the_series_and_keeps_what_was_done(tmp_path: Path) -> None:
    def interrupt(run: StoredRun) -> None:
        raise KeyboardInterrupt

    store = open_store(tmp_path / "store")
    with pytest.raises(KeyboardInterrupt):
        run_interleaved(_sides(tmp_path), _design(3), store, environment=make_environment(), after_each=interrupt)
    assert [row.status for row in store.runs()] == ["complete"]
