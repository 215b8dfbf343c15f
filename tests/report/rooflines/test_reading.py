"""A run's rows under the ceilings that were kept with it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assay.measure.inference.operators import op_rows, operator_lines
from assay.record.base import Derived
from assay.record.ceilings import CEILINGS_FILE
from assay.record.enums import Phase
from assay.record.rows import Counters, OpRow, StepRow
from assay.report.rooflines.picture import picture
from assay.report.rooflines.reading import drawn, roofline
from assay.store import StoredRun, open_store
from tests.makers import make_run
from tests.measure.test_inference import CEILINGS, MACHINE, WORK, counted, profile_of


def ops() -> list[OpRow]:
    return op_rows(operator_lines(profile_of((counted("a", 600, WORK), counted("b", 300))), MACHINE))


def step(layer: int, flops: float, wall_ns: int) -> StepRow:
    wall = ops()[0].wall
    wall = msgspec.structs.replace(wall, total_ns=wall_ns, max_ns=min(wall.max_ns, wall_ns), min_ns=1)
    counters = Counters(
        flops=Derived(value=flops, sources=("x",)), intensity_flop_per_byte=Derived(value=2.0, sources=("x",))
    )
    return StepRow(step="FFN", layer=layer, phase=Phase.DECODE, device="cpu:0", wall=wall, counters=counters)


def test_what_computes_is_a_point_and_the_rest_is_a_share() -> None:
    found = drawn(make_run(ops=tuple(ops()), steps=()), CEILINGS)
    assert found is not None
    (point,) = found.points
    assert (point.name, point.intensity_flop_per_byte) == ("conv + act", 4 / 32)
    assert point.flops_per_s == pytest.approx(4 / 600e-9)
    assert found.left_out_share == pytest.approx(0.4)


def test_layers_of_one_step_are_one_point() -> None:
    found = drawn(make_run(ops=(), steps=(step(0, 100.0, 1000), step(1, 300.0, 1000))), CEILINGS)
    assert found is not None
    (point,) = found.points
    assert (point.name, point.intensity_flop_per_byte, point.flops_per_s) == ("FFN in decode", 2.0, 400 / 2e-6)


def test_ceilings_are_those_of_all_threads_that_the_run_may_have_used() -> None:
    found = drawn(make_run(ops=tuple(ops()), steps=()), CEILINGS)
    assert found is not None
    assert {peak.label: peak.per_s for peak in found.peaks} == {"fp32": 200e9, "int8": 800e9}
    assert [band.label for band in found.bandwidths] == ["L1", "L2", "DRAM"]


def test_a_run_that_counted_nothing_has_no_picture() -> None:
    assert drawn(make_run(ops=(), steps=()), CEILINGS) is None


@pytest.mark.parametrize("content", [None, b"no ceilings"])
def test_ceilings_that_are_missing_or_damaged_leave_the_picture_out(content: bytes | None, tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    record = make_run(ops=tuple(ops()), steps=())
    with store.draft(record.plan, record.environment) as draft:
        draft.add(ops=record.ops, devices=record.devices)
        if content is not None:
            draft.artifact(CEILINGS_FILE, collector="machine").write_bytes(content)
        draft.finish()
    stored: StoredRun = store.get(draft.seal().id)
    assert roofline(stored) is None


def test_kept_ceilings_are_read_and_every_point_lies_inside_of_the_picture(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    record = make_run(ops=tuple(ops()), steps=())
    with store.draft(record.plan, record.environment) as draft:
        draft.add(ops=record.ops, devices=record.devices)
        draft.artifact(CEILINGS_FILE, collector="machine").write_bytes(msgspec.json.encode(CEILINGS))
        draft.finish()
    found = roofline(draft.seal())
    assert found is not None
    shown = picture(found)
    assert shown.count("<circle") == 1
    assert "DRAM" in shown
