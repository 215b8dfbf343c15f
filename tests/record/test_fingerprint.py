from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from assay.record.base import Absent, Measured
from assay.record.enums import Precision
from assay.record.environment import Environment, Git, Package, Variable
from assay.record.fingerprint import (
    Difference,
    Group,
    diff,
    distance,
    group_of,
    same_configuration,
    same_machine,
    same_workload,
    signatures,
)
from assay.record.fingerprint.groups import GROUPS, ROW_KEYS, SETS
from assay.record.plan import Option, Plan
from assay.record.rows import Metric, StepRow
from assay.record.run import Run
from tests.makers import (
    filled,
    make_cpu,
    make_distribution,
    make_environment,
    make_load,
    make_memory,
    make_plan,
    make_run,
    make_software,
    make_steps,
)


def hashes(run: Run) -> dict[str, str]:
    prints = run.fingerprints
    return {
        "workload": prints.workload_sha256,
        "configuration": prints.configuration_sha256,
        "machine": prints.machine_sha256,
        "exact": prints.exact_sha256,
    }


def moved(**changes: Any) -> set[str]:
    before, after = hashes(make_run()), hashes(make_run(**changes))
    return {name for name in before if before[name] != after[name]}


def plan_with(target: dict[str, Any] | None = None, **changes: Any) -> Plan:
    plan = make_plan(**changes)
    return msgspec.structs.replace(plan, target=msgspec.structs.replace(plan.target, **(target or {})))


def test_a_run_made_again_has_the_same_fingerprints() -> None:
    assert moved() == set()
    assert moved(id="01JCZX5T00ABCDEFGHJKMNPQRT", quality=()) == set()


@pytest.mark.parametrize(
    ("change", "group"),
    [
        ({"plan": plan_with({"argv": ("python3", "other.py")})}, "workload"),
        ({"plan": plan_with({"precision": Precision.BF16})}, "workload"),
        ({"plan": plan_with({"executable_sha256": None})}, "workload"),
        ({"plan": plan_with(repetitions=4)}, "configuration"),
        ({"plan": plan_with(collectors=("rusage",))}, "configuration"),
        ({"plan": plan_with({"variables": ()})}, "configuration"),
        ({"plan": plan_with(options=(Option(name="a", value=1.0),))}, "configuration"),
        ({"software": make_software(assay="9.9.9")}, "configuration"),
        (
            {"environment": make_environment(variables=(Variable(name="OMP_PROC_BIND", value="spread"),))},
            "configuration",
        ),
        ({"environment": make_environment(git=Git(commit="feed", branch="main", dirty=False))}, "configuration"),
        ({"environment": make_environment(cpu=make_cpu(smt_active=False))}, "machine"),
        ({"environment": make_environment(cpu=make_cpu(governor="powersave"))}, "machine"),
        ({"environment": make_environment(memory=make_memory(total_bytes=48 << 30))}, "machine"),
    ],
)
def test_a_fact_moves_the_hash_of_its_group_and_the_exact_one(change: dict[str, Any], group: str) -> None:
    assert moved(**change) == {group, "exact"}


@pytest.mark.parametrize(
    "change",
    [
        {"plan": plan_with({"cwd": "/elsewhere"})},
        {"plan": plan_with(collectors=("spans", "rusage"))},
        {"plan": plan_with(options=tuple(reversed(make_plan().options)))},
        {"environment": make_environment(load=make_load(load_1m=9.0, temperature_c=90.0))},
        {"environment": make_environment(hostname_sha256="0" * 64)},
        {"environment": make_environment(memory=make_memory(available_bytes=1))},
        {"environment": make_environment(memory=make_memory(total_bytes=(24 << 30) + 4096))},
        {"environment": make_environment(cpu=make_cpu(features=("avx512f", "avx2")))},
        {"metrics": (), "steps": ()},
    ],
)
def test_order_load_temperature_host_and_results_move_no_hash(change: dict[str, Any]) -> None:
    assert moved(**change) == set()


def test_same_follows_from_the_hashes() -> None:
    run, other = make_run(), make_run(environment=make_environment(cpu=make_cpu(sockets=2)))
    assert (same_workload(run, other), same_configuration(run, other), same_machine(run, other)) == (True, True, False)


def test_every_fact_has_a_group_of_its_own_section() -> None:
    for path in _paths(msgspec.inspect.type_info(Run), ""):
        assert isinstance(group_of(path), Group)
    assert group_of("/environment/cpu/model") is Group.MACHINE
    assert group_of("/environment/cpu/frequency_now_hz") is Group.STATE


def test_the_tables_name_only_fields_that_there_are() -> None:
    paths = set(_paths(msgspec.inspect.type_info(Run), ""))
    assert set(GROUPS) - paths == set()
    fields = {path.rpartition("/")[2] for path in paths}
    assert set(ROW_KEYS) - fields == set()
    assert set(SETS) - fields == set()


def _paths(info: Any, path: str) -> list[str]:
    if isinstance(info, msgspec.inspect.StructType):
        inner = [(f"{path}/{field.encode_name}", field.type) for field in info.fields]
        return [found for place, kind in inner for found in (place, *_paths(kind, place))]
    if isinstance(info, msgspec.inspect.VarTupleType):
        return _paths(info.item_type, path)
    return [found for kind in getattr(info, "types", ()) for found in _paths(kind, path)]


def listed(a: Run, b: Run) -> list[tuple[str, str, Any, Any]]:
    return [(found.group.value, found.pointer, found.a, found.b) for found in diff(a, b)]


def test_two_runs_that_differ_in_id_and_times_only_have_no_difference() -> None:
    other = make_run(id="01JCZX5T00ABCDEFGHJKMNPQRT", created=make_run().created.replace(year=2025))
    assert diff(make_run(), other) == ()


def test_each_differing_fact_is_named_once_with_both_values() -> None:
    changed = make_run(
        plan=plan_with({"precision": Precision.BF16}),
        environment=make_environment(cpu=make_cpu(smt_active=False)),
        metrics=(Metric(name="wall_s", value=Measured(value=3.0, by="CLOCK_MONOTONIC")), *make_run().metrics[1:]),
    )
    assert listed(make_run(), changed) == [
        ("workload", "/plan/target/precision", "fp32", "bf16"),
        ("machine", "/environment/cpu/smt_active", True, False),
        ("results", "/metrics/0/value/value", 2.0, 3.0),
    ]


def test_rows_are_matched_by_name_and_not_by_place() -> None:
    packages = (Package(name="a", version="1"), Package(name="numpy", version="2"))
    base = make_environment()
    python = msgspec.structs.replace(base.python, packages=packages[1:])
    more = msgspec.structs.replace(base.python, packages=packages)
    found = diff(
        make_run(environment=make_environment(python=python)), make_run(environment=make_environment(python=more))
    )
    assert found == (
        Difference(
            group=Group.MACHINE,
            pointer="/environment/python/packages/0",
            a=None,
            b={"name": "a", "version": "1"},
            only_in="b",
        ),
    )


def test_a_number_of_another_origin_is_one_difference() -> None:
    before = make_run()
    metric = msgspec.structs.replace(before.metrics[3], value=Measured(value=40.0, by="rapl"))
    after = make_run(metrics=(*before.metrics[:3], metric, *before.metrics[4:]))
    (found,) = diff(before, after)
    assert (found.pointer, found.a["origin"], found.b["origin"]) == ("/metrics/3/value", "estimated", "measured")


def test_a_fact_that_became_unknown_is_named_without_its_reason() -> None:
    absent = (Absent(field="/cpu/governor", reason="no access"),)
    unknown = make_environment(cpu=make_cpu(governor=None), absent=absent)
    assert listed(make_run(), make_run(environment=unknown)) == [
        ("machine", "/environment/cpu/governor", "performance", None)
    ]


def test_difference_is_symmetric() -> None:
    a, b = make_run(), make_run(environment=filled(Environment, absent=()), quality=())
    forth, back = diff(a, b), diff(b, a)
    assert sorted((found.pointer, str(found.a)) for found in forth) == sorted((f.pointer, str(f.b)) for f in back)


def test_a_signature_holds_the_quantiles_of_cells_timed_often_enough() -> None:
    found = signatures(make_steps())
    assert [row.cell for row in found] == ["decode/Attention/0@cpu:0", "decode/FFN/0@cpu:0"]
    assert found[0].quantiles_ns == (1000.0, 1450.5, 2000.0, 2200.0, 2400.0, 2500.0)


def steps_scaled(factor: float, step: str = "Attention") -> tuple[StepRow, ...]:
    wall = make_distribution(
        total_ns=int(150_000_000 * factor),
        min_ns=int(1e6 * factor),
        max_ns=int(2.5e6 * factor),
        p50_ns=1.45e6 * factor,
        p90_ns=2e6 * factor,
        p95_ns=2.2e6 * factor,
        p99_ns=2.4e6 * factor,
    )
    return (StepRow(step=step, device="cpu:0", wall=wall),)


@pytest.mark.parametrize("factor", [1.0, 1.1, 2.0])
def test_distance_is_the_logarithm_of_a_uniform_slowdown(factor: float) -> None:
    a, b = signatures(steps_scaled(1.0)), signatures(steps_scaled(factor))
    assert distance(a, b) == pytest.approx(math.log(factor), abs=1e-6)
    assert distance(a, b) == pytest.approx(distance(b, a))


def test_a_cell_of_one_run_only_counts_by_its_share() -> None:
    both = signatures((*steps_scaled(1.0), *steps_scaled(1.0, "FFN")))
    assert distance(both, signatures(steps_scaled(1.0))) == pytest.approx(math.log(2) / 3, rel=1e-3)


def test_runs_without_a_common_cell_have_no_distance() -> None:
    assert distance(signatures(steps_scaled(1.0)), signatures(steps_scaled(1.0, "FFN"))) is None
    assert distance((), ()) is None
