from __future__ import annotations

from assay.record.enums import Severity, Status
from assay.record.plan import Position
from assay.record.rows import Evidence, QualityFlag
from assay.report import Framing, view_of
from assay.report.assemble import sides_of
from tests.makers import make_flag, make_plan, make_run
from tests.report.views import compared_view, side_run, two_sides


def _flag(name: str, severity: Severity, value: float) -> QualityFlag:
    return QualityFlag(
        id=name, severity=severity, message=f"{name} {value}", evidence=(Evidence(name="x", value=value),)
    )


def test_the_same_runs_make_the_same_view() -> None:
    runs = two_sides()
    assert view_of(runs) == view_of(list(reversed(runs)))


def test_one_run_is_one_side_and_is_compared_with_nothing() -> None:
    view = view_of([make_run(position=Position())])
    assert [side.label for side in view.sides] == ["tiny"]
    assert view.compared == ()
    assert view.headline == "1 run of tiny, 2 s from start to end."


def test_runs_without_sides_are_grouped_by_what_was_run_and_how() -> None:
    other = make_plan(repetitions=9)
    runs = [
        make_run(id=f"01JCZX5T00ABCDEFGHJKMNPQR{n}", position=Position(), plan=plan)
        for n, plan in enumerate((make_plan(), other, make_plan()))
    ]
    assert {label: len(group) for label, group in sides_of(runs).items()} == {"A": 2, "B": 1}


def test_sides_carry_the_names_that_the_author_gives() -> None:
    assert [side.label for side in compared_view(labels={"A": "old", "B": "new"}).sides] == ["old", "new"]


def test_the_curve_is_that_of_the_run_in_the_middle() -> None:
    side = compared_view().sides[0]
    assert side.curve is not None
    (chosen,) = [run for run in side.runs if run.id == side.curve.run]
    assert sorted(run.wall_s.value or 0.0 for run in side.runs)[3] == chosen.wall_s.value == 2.0


def test_flags_are_counted_over_runs_worst_first_in_the_hardest_words() -> None:
    runs = [
        side_run("A", 0, 1.0, quality=(_flag("noisy", Severity.WARNING, 0.2),)),
        side_run("A", 1, 1.0, quality=(_flag("noisy", Severity.WARNING, 0.9), _flag("bad", Severity.INVALID, 1.0))),
        side_run("A", 2, 1.0, quality=(_flag("note", Severity.INFO, 1.0),)),
    ]
    lines = view_of(runs).flags
    assert [(line.id, line.runs, line.of) for line in lines] == [("bad", 1, 3), ("noisy", 2, 3), ("note", 1, 3)]
    assert lines[1].message == "noisy 0.9"


def test_an_incomplete_run_says_so_first() -> None:
    run = make_run(status=Status.FAILED, status_reason="exit status 3")
    assert view_of([run]).headline == "The run is not complete: exit status 3."


def test_a_report_keeps_what_its_author_adds() -> None:
    view = view_of([make_run(quality=(make_flag(),))], framing=Framing(title="Mine", next_steps=("do this",)))
    assert (view.title, view.next_steps) == ("Mine", ("do this",))
