"""Operators against ceilings, and runs of models put together, without a runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.backends.asked import Asked
from assay.backends.operators.graph import Graph, Node, Shape
from assay.backends.operators.matching import Placed
from assay.backends.operators.measured import Counted, CountedRun, Profiled
from assay.backends.operators.profile import Call, Execution
from assay.backends.operators.work import Work
from assay.errors import UsageError
from assay.measure.inference.generation import Watching
from assay.measure.inference.operators import distribution_of, known_share, op_rows, operator_lines, profiler_cost
from assay.measure.inference.roofs import Amounts, Machine, arithmetic_of
from assay.measure.inference.run import bottleneck, infer, roof
from assay.record.base import Missing
from assay.record.ceilings import Bandwidth, Ceilings, Peak
from assay.record.documents.inference.trace import Bound
from assay.store import Store, open_store

CEILINGS = Ceilings(
    machine="0" * 64,
    processor="a processor",
    workers=2,
    isa="avx2",
    measured="2026-01-01T00:00:00+00:00",
    peaks=tuple(
        Peak(dtype=dtype, threads=threads, operations_per_s=rate * threads, reason="")
        for dtype, rate in (("fp32", 100e9), ("int8", 400e9))
        for threads in (1, 2)
    ),
    bandwidths=tuple(
        Bandwidth(level=level, kind="read", threads=threads, working_set_bytes=size, bytes_per_s=rate * threads)
        for level, size, rate in (("L1", 24 << 10, 200e9), ("L2", 512 << 10, 100e9), ("DRAM", 64 << 20, 10e9))
        for threads in (1, 2)
    ),
    launch_ns=200.0,
    node_ns=50.0,
)
MACHINE = Machine(ceilings=CEILINGS, missing="", threads=1)


def amounts(self_ns: int = 1_000_000, calls: int = 1, **rest: int | None) -> Amounts:
    given = {"flops": 0, "moved_bytes": 0, **rest}
    return Amounts(self_ns=self_ns, calls=calls, arithmetic="fp32", **given)


@pytest.mark.parametrize(
    ("given", "bound", "level"),
    [
        (amounts(flops=80_000_000, moved_bytes=1_000), Bound.COMPUTE, "L1"),
        (amounts(flops=1_000, moved_bytes=8_000_000), Bound.MEMORY, "DRAM"),
        (amounts(flops=1_000, moved_bytes=80_000_000, calls=400), Bound.MEMORY, "L2"),
        (amounts(flops=1_000_000, moved_bytes=1_000), Bound.OVERHEAD, "L1"),
        (amounts(flops=None, moved_bytes=None), Bound.UNKNOWN, ""),
    ],
)
def test_the_ceiling_that_is_half_reached_bounds_an_operator(given: Amounts, bound: Bound, level: str) -> None:
    judged = MACHINE.judge(given)
    assert (judged.bound, judged.level) == (bound, level)
    assert judged.reason


def test_without_ceilings_there_is_no_verdict_but_the_reason() -> None:
    judged = Machine(ceilings=None, missing="not measured yet", threads=1).judge(amounts(flops=10, moved_bytes=10))
    assert (judged.bound, judged.reason, judged.compute_share) == (Bound.UNKNOWN, "not measured yet", None)
    assert not isinstance(judged.flops_per_s, Missing)


def test_whole_numbers_have_a_ceiling_of_their_own() -> None:
    assert arithmetic_of("uint8", integer=True) == "int8"
    assert arithmetic_of("double", integer=False) == "fp64"
    assert MACHINE.peak("int8") == 400e9
    assert roof(MACHINE, "fp32").peak_bytes_per_s == 10e9


def counted(name: str, self_ns: int, work: Work | None = None, op: str = "Relu") -> Counted:
    shape = Shape("float", (4,))
    call = Call(name=name, op=op, start_ns=0, wall_ns=self_ns, inputs=(shape,), outputs=(shape,))
    node = Node(name=name, op=op, inputs=("x",), outputs=(f"{name}.out",))
    placed = Placed(graph=Graph(name="", nodes=(node,)), node=node, call=call, depth=0, inputs=(shape,))
    return Counted(placed=placed, start_ns=0, work=work, reason="" if work else "not in the table")


WORK = Work(flops=4, read_bytes=16, written_bytes=16)


def profile_of(
    *runs: tuple[Counted, ...],
    gap_ns: int = 100,
    with_ns: tuple[int, ...] | None = None,
    without_ns: tuple[int, ...] | None = None,
) -> Profiled:
    made = tuple(
        CountedRun(
            start_ns=0, wall_ns=sum(c.placed.call.self_ns for c in calls) + gap_ns, gap_ns=gap_ns, calls=calls
        )
        for calls in runs
    )  # fmt: skip
    return Profiled(
        load_ns=1,
        cold=made[0],
        runs=made,
        nodes_of={"a.out": ("conv", "act")},
        folded=(),
        with_ns=with_ns or (200,) * len(runs),
        without_ns=without_ns or (100,) * len(runs),
    )


def test_calls_of_all_runs_are_one_line_and_the_gap_is_another() -> None:
    run = (counted("a", 600, WORK), counted("b", 300))
    lines = operator_lines(profile_of(run, run), MACHINE)
    assert [(line.name, line.self_ns, line.wall.count) for line in lines] == [
        ("conv + act", 1200, 2), ("b", 600, 2), ("runtime_gap", 200, 2),
    ]  # fmt: skip
    assert sum(line.share for line in lines) == pytest.approx(1.0)
    assert (lines[0].flops, lines[0].read_bytes, lines[1].flops, lines[1].unknown) == (8, 32, None, "not in the table")
    assert known_share(lines) == pytest.approx(1200 / 1800)


def test_rows_of_the_record_say_why_a_number_is_missing() -> None:
    rows = {row.name: row for row in op_rows(operator_lines(profile_of((counted("b", 300),)), MACHINE))}
    assert rows["b"].counters.flops == Missing(reason="not in the table")
    assert rows["runtime_gap"].self_ns == 100


def test_what_timing_cost_is_a_ratio_of_pairs() -> None:
    cost = profiler_cost(
        profile_of(*[(counted("a", 5, WORK),)] * 6, with_ns=(20, 30, 40, 20, 20, 20), without_ns=(10,) * 6)
    )
    assert cost is not None
    assert (cost.ratio, cost.low, cost.high) == (2.0, 2.0, 4.0)


def test_the_sentence_names_the_longest_and_a_single_slow_call() -> None:
    calm = (counted("a", 600, WORK), counted("b", 300))
    shaken = (counted("a", 90_000, WORK), counted("b", 300))
    assert "in one call" not in bottleneck(operator_lines(profile_of(calm, calm), MACHINE))
    assert "90.0 µs of it in one call" in bottleneck(operator_lines(profile_of(calm, shaken), MACHINE))
    assert "no operator" in bottleneck(operator_lines(profile_of(calm, gap_ns=9_000), MACHINE))


def test_times_inside_of_others_are_theirs_alone() -> None:
    inner = Execution(start_ns=0, wall_ns=60, calls=[counted("a", 40).placed.call])
    outer = Call(name="l", op="Loop", start_ns=0, wall_ns=100, inputs=(), outputs=(), executions=[inner])
    assert (outer.self_ns, inner.gap_ns) == (40, 20)


def test_no_durations_have_no_distribution() -> None:
    with pytest.raises(ValueError, match="no durations"):
        distribution_of([])


def test_a_model_that_there_is_not_leaves_no_run(tmp_path: Path) -> None:
    store: Store = open_store(str(tmp_path))
    with pytest.raises(UsageError, match="no such model"):
        infer(None, Asked(model="missing.onnx"), store, Watching(progress=lambda _done, _of: None))
    assert store.runs() == []
