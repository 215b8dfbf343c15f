from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.compare.sides.comparable import obstacles, unfit
from assay.compare.sides.differs import differs, notes, steadier
from assay.compare.sides.expected import expectations_of
from assay.record.base import Measured
from assay.record.enums import Status
from assay.record.plan import Outcome, Workload
from assay.record.rows import Metric
from assay.record.run import Run, expect
from tests.compare.made import with_cpu
from tests.makers import make_clock, make_environment, make_plan, make_run


def _target(**changes: Any) -> Run:
    plan = make_plan()
    return make_run(plan=msgspec.structs.replace(plan, target=msgspec.structs.replace(plan.target, **changes)))


NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("other", "fact"),
    [
        (make_run(environment=with_cpu(make_environment(), governor="ondemand")), "governor"),
        (make_run(environment=with_cpu(make_environment(), model="Another")), "processor"),
        (make_run(clock=make_clock(source="CLOCK_REALTIME")), "clock"),
        (make_run(plan=make_plan(workload=Workload(name="short", sha256="0" * 64))), "inputs"),
        (make_run(plan=make_plan(collectors=("rusage",))), "collectors"),
        (_target(model=None), "model"),
    ],
)
def test_a_fact_that_differs_is_named_with_what_to_do(other: Run, fact: str) -> None:
    found = obstacles([make_run()], [other], NONE)
    assert fact in {one.fact for one in found}
    assert all(one.remedy and one.before != one.after for one in found)
    assert fact not in {one.fact for one in obstacles([make_run()], [other], frozenset({fact}))}


@pytest.mark.parametrize(
    "other",
    [
        _target(argv=("python3", "new.py")),
        _target(executable_sha256="c" * 64),
        make_run(environment=with_cpu(make_environment(), frequency_now_hz=1)),
    ],
)
def test_the_change_itself_and_facts_of_the_moment_are_no_obstacle(other: Run) -> None:
    assert obstacles([make_run()], [other], NONE) == ()


def test_runs_of_one_side_have_to_be_alike_too() -> None:
    mixed = [make_run(), make_run(environment=with_cpu(make_environment(), governor="ondemand"))]
    assert [one.fact for one in obstacles(mixed, mixed, NONE)] == ["governor"]


def test_what_differs_is_listed_in_words() -> None:
    [line] = differs([make_run()], [_target(argv=("python3", "new.py"))])
    assert line.endswith("→ python3 new.py")


def test_unlike_output_and_mixed_targets_are_noted() -> None:
    other = make_run(outcome=Outcome(exit_code=0, stdout_sha256="d" * 64))
    assert "same work" in " ".join(notes([make_run()], [other]))
    mixed = [make_run(), _target(name="another")]
    assert "2 different targets" in " ".join(notes(mixed, [make_run()]))


def test_only_a_complete_run_is_a_measurement() -> None:
    assert unfit(make_run()) == ""
    assert "stopped" in unfit(make_run(status=Status.TIMED_OUT, status_reason="stopped after 2 s"))


def test_only_what_every_run_carries_unchanged_and_from_before_was_expected() -> None:
    begun = make_run().clock.start_utc_ns
    good, late = expect("wall -2%", begun - 5), expect("wall -3%", begun + 5)
    forged = msgspec.structs.replace(good, claim="wall -9%")
    run = make_run(expectations=(good, late, forged))
    assert expectations_of([run]) == (good,)
    assert expectations_of([run, make_run(expectations=(late,))]) == ()
    assert expectations_of([]) == ()


def test_a_steadier_clock_is_named() -> None:
    def run(wall_s: float) -> Run:
        values = {"wall_s": wall_s, "cpu_s": 1.0 + wall_s / 1e3}
        metrics = tuple(Metric(name=name, value=Measured(value=value, by="test")) for name, value in values.items())
        return make_run(metrics=metrics)

    noisy = [run(wall_s) for wall_s in (1.0, 2.0, 1.5, 3.0, 1.2, 2.2)]
    [note] = steadier(noisy, noisy, "wall_s")
    assert "--metric cpu" in note
    assert list(steadier(noisy, noisy, "cpu_s")) == []
    assert list(steadier(noisy[:2], noisy, "wall_s")) == []
