from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from assay.compare.evidence import campaign, energy, functions, spans, whole
from assay.compare.tally import Batch, Tally
from assay.record.base import Measured, Missing
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import LIFE_FILE
from assay.record.documents.comparison import Cell
from assay.record.enums import EnergyMethod, Phase
from assay.record.plan import Outcome, Position
from assay.record.rows import EnergyWindow, Metric
from assay.store import StoredRun, open_store
from tests.analyze.evidence.test_gather import FRAMES, STACKS, stored, stream
from tests.compare.made import Maker
from tests.makers import make_clock, make_devices, make_environment, make_plan


def _run(
    folder: Path,
    *,
    position: Position = Position(),  # noqa: B008 - frozen
    spans: Mapping[str, Sequence[int]] | None = None,
    metrics: Sequence[Metric] = (),
    energy: Sequence[EnergyWindow] = (),
) -> StoredRun:
    with open_store(folder).draft(make_plan(), make_environment(), position=position) as draft:
        for step, walls in (spans or {}).items():
            draft.spans.append(step=step, start_ns=list(range(len(walls))), wall_ns=walls)
        draft.add(devices=make_devices(), metrics=metrics, energy=energy)
        draft.finish(outcome=Outcome(exit_code=0), clock=make_clock())
    return draft.seal()


def test_spans_are_cells_by_tokens_in_seconds(tmp_path: Path) -> None:
    before, _ = Maker(folder=tmp_path, blocks=1, layers=2, tokens=5).sides()
    [one] = spans.read(before, "wall_s").units
    assert [(cell.layer, cell.name, len(values)) for cell, values in one.values.items()] == [
        (0, "Attention", 5),
        (0, "FFN", 5),
        (1, "Attention", 5),
        (1, "FFN", 5),
    ]
    total_s = sum(values.sum() for values in one.values.values())
    assert total_s == pytest.approx(before[0].metrics["wall_s"].value)
    assert spans.read(before, "flops").units[0].values[next(iter(one.values))].tolist() == [1000.0] * 5
    np.testing.assert_allclose(
        spans.read(before, "cpu_s").units[0].values[next(iter(one.values))], one.values[next(iter(one.values))]
    )


def test_spans_without_tokens_are_numbered_as_they_come(tmp_path: Path) -> None:
    run = _run(tmp_path, spans={"copy": [10, 20, 30], "sum": [5, 6]})
    [one] = spans.read([run], "wall_s").units
    assert {cell.name: (values * 1e9).round().tolist() for cell, values in one.values.items()} == {
        "copy": [10.0, 20.0, 30.0],
        "sum": [5.0, 6.0],
    }


def test_a_run_that_is_timed_as_a_whole_only_has_no_spans_to_compare(tmp_path: Path) -> None:
    run = _run(tmp_path, spans={"run": [10]})
    assert "no spans but its own" in spans.PLUGIN.lacks([run], "wall_s")
    assert "no spans" in spans.PLUGIN.lacks([_run(tmp_path)], "wall_s")
    assert "hold no off_cpu_ns" in spans.PLUGIN.lacks([_run(tmp_path, spans={"copy": [1]})], "cpu_s")


def test_numbers_of_the_run_are_cells_by_device_and_phase(tmp_path: Path) -> None:
    metrics = (
        Metric(name="energy_j", value=Measured(value=5.0, by="meter")),
        Metric(name="energy_j", value=Measured(value=3.0, by="meter"), device="gpu:0"),
        Metric(name="wall_s", value=Missing(reason="no clock")),
    )
    run = _run(tmp_path, metrics=metrics)
    [one] = whole.read([run], "energy_j").units
    assert {cell.device: values.tolist() for cell, values in one.values.items()} == {"": [5.0], "gpu:0": [3.0]}
    assert "no clock" in whole.PLUGIN.lacks([run], "wall_s")
    assert whole.PLUGIN.metrics("peak_rss_bytes") == "B"


def test_windows_of_energy_add_up_by_phase(tmp_path: Path) -> None:
    unknown = Missing(reason="not taken")
    windows = tuple(
        EnergyWindow(
            source="meter",
            device="gpu:0",
            phase=phase,
            start_ns=0,
            end_ns=1,
            method=EnergyMethod.COUNTER,
            raw_j=Measured(value=joules, by="meter"),
            baseline_w=unknown,
            adjusted_j=unknown,
            uncertainty_j=unknown,
        )
        for phase, joules in ((Phase.PREFILL, 1.0), (Phase.DECODE, 2.0), (Phase.DECODE, 3.0))
    )
    run = _run(tmp_path, energy=windows)
    [one] = energy.read([run], "energy_j").units
    assert {cell.phase: values.tolist() for cell, values in one.values.items()} == {"prefill": [1.0], "decode": [5.0]}
    assert energy.PLUGIN.lacks([run], "energy_j") == ""
    assert "by phase" in energy.PLUGIN.lacks([_run(tmp_path)], "energy_j")


def test_a_cycle_of_a_campaign_is_one_unit(tmp_path: Path) -> None:
    runs = [
        _run(
            tmp_path,
            position=Position(campaign="c", session="s", experiment=name, cycle=cycle),
            metrics=(Metric(name="wall_s", value=Measured(value=wall_s, by="test")),),
        )
        for cycle in range(2)
        for name, wall_s in (("small", 1.0), ("large", 2.0))
    ]
    first, second = campaign.read(runs, "wall_s").units
    assert {cell.name: values.tolist() for cell, values in first.values.items()} == {"small": [1.0], "large": [2.0]}
    assert (first.unit.block, second.unit.block) == (("s", 0), ("s", 1))
    assert campaign.PLUGIN.lacks(runs, "wall_s") == ""
    assert "several experiments" in campaign.PLUGIN.lacks(runs[:1], "wall_s")


def test_a_run_without_stacks_has_no_functions(tmp_path: Path) -> None:
    run = stored(tmp_path, {})
    assert "no stacks" in functions.PLUGIN.lacks([run], "wall_s")
    assert functions.read([run], "wall_s").units[0].values == {}


def test_functions_have_their_own_time_their_callers_and_what_they_call(tmp_path: Path) -> None:
    frames: list[dict[str, object]] = [
        {"parent": -1, "function": "main", "file": "/home/me/job.py", "line": 3},
        {"parent": 0, "function": "parse", "file": "/home/me/job.py", "line": 9},
        {"parent": 1, "function": "loads", "file": "/usr/lib/python3.11/json/__init__.py", "line": 1},
    ]
    rows: list[dict[str, object]] = [
        {"time_ns": number * 10_000_000, "pid": 7, "tid": 7, "node": number % 3, "running": True}
        for number in range(300)
    ]
    life = Life(time_ns=1, event="seen", pid=7, executable="/usr/bin/python3.11", python="3.11")
    files = {
        STACKS[0]: stream("stacks", rows),
        FRAMES[0]: stream("frames", frames),
        LIFE_FILE: msgspec.json.encode(life) + b"\n",
    }
    run = stored(tmp_path, files, wall_ns=3_000_000_000)
    assert functions.PLUGIN.lacks([run], "wall_s") == ""
    [one] = functions.read([run], "wall_s").units
    main, parse = (Cell(name=name, file="job.py") for name in ("main", "parse"))
    assert one.parents == {parse: main}
    assert one.values[parse][0] == pytest.approx(2.0, rel=0.02)
    assert one.inclusive[main] == pytest.approx(3.0, rel=0.02)
    assert one.values[main][0] + one.values[parse][0] == pytest.approx(one.inclusive[main])


def _batch(step: list[int], token: list[int], value: list[float], names: list[str]) -> Batch:
    rows = len(step)
    none = np.full(rows, -1, np.int32)
    return Batch(
        names={
            "phase": (np.zeros(rows, np.int32), ["none"]),
            "step": (np.array(step, np.int32), names),
            "op": (none, []),
            "device": (np.zeros(rows, np.int32), ["cpu:0"]),
        },
        layer=none,
        token=np.array(token, np.int32),
        value=np.array(value),
    )


def test_batches_with_dictionaries_of_their_own_add_up() -> None:
    tally = Tally()
    tally.add(_batch([0, 1, 0], [0, 0, 1], [1.0, 2.0, 3.0], ["a", "b"]))
    tally.add(_batch([0, 1, 1], [0, 0, 2], [10.0, 20.0, np.nan], ["b", "a"]))
    found = {cell.name: values.tolist() for cell, values in tally.values().items()}
    assert found == {"a": [21.0, 3.0], "b": [12.0]}


def test_far_apart_tokens_take_no_room_for_those_between_in_other_cells() -> None:
    tally = Tally()
    tally.add(_batch(list(range(50)), [0] * 49 + [1_000_000], [1.0] * 50, [f"s{number}" for number in range(50)]))
    lengths = [len(values) for values in tally.values().values()]
    assert lengths == [1] * 49 + [1_000_001]
