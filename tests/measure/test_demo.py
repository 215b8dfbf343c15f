from __future__ import annotations

from assay.measure.demo import SIDES, demo_sides, repair


def test_the_sides_differ_in_the_program_and_in_nothing_else() -> None:
    before, after = demo_sides().values()
    assert list(demo_sides()) == list(SIDES) == ["A", "B"]
    assert before.command.argv[:-1] == after.command.argv[:-1]
    assert before.plan.workload == after.plan.workload
    assert before.plan.collectors == after.plan.collectors


def test_the_repair_is_two_lines() -> None:
    changed = [line for line in repair().splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    assert [line[0] for line in changed] == ["-", "+", "-", "+"]
    assert "list" in changed[0]
    assert "set" in changed[1]
