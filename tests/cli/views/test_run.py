from __future__ import annotations

import msgspec
import pytest

from assay.cli.terminal.style import paint
from assay.cli.terminal.width import text_width
from assay.cli.views.run import SECTIONS, TABLES, overview, section
from assay.record.base import Measured
from assay.record.enums import Status
from assay.record.plan import Outcome
from assay.record.run import Run
from assay.record.words.numbers import number_text
from tests.makers import make_plan, make_run, make_steps


def text(lines: object) -> str:
    assert isinstance(lines, list)
    return "\n".join(paint(line, color=False) for line in lines)


def test_the_overview_says_what_ran_how_it_ended_and_what_was_measured() -> None:
    run = make_run()
    shown = text(overview(run, None, ("base",)))
    assert shown.startswith(f"{run.id}  complete\n")
    for words in ("python3 -m bench", "vgpu, fp32", "with exit status 0", "tags        base", "Numbers", "wall_s"):
        assert words in shown


def test_the_end_and_the_table_tell_the_same_time() -> None:
    run = make_run()
    wall = next(metric.value for metric in run.metrics if metric.name == "wall_s")
    assert isinstance(wall, Measured)
    assert f"after {number_text(wall.value, 's')} " in text(overview(run, None))
    unmeasured = msgspec.structs.replace(run, metrics=())
    recorded_s = (run.clock.end_ns - run.clock.start_ns) / 1e9
    assert f"after {number_text(recorded_s, 's')} " in text(overview(unmeasured, None))


def test_a_number_that_was_not_measured_says_why() -> None:
    shown = text(overview(make_run(), None)).splitlines()
    assert any(line.split()[:4] == ["ttft_ms", "[prefill]", "not", "measured"] for line in shown)
    assert any(line.endswith("the target does not stream") for line in shown)


def test_origins_are_shown_and_estimates_are_marked() -> None:
    shown = text(section(make_run(), "metrics", None))
    for words in ("measured by rusage", "derived from cpu_s, wall_s", "about 40 J", "estimated by tdp"):
        assert words in shown


def test_a_run_that_is_not_whole_says_so_first() -> None:
    run = make_run(
        status=Status.INTERRUPTED,
        status_reason="the machine went down",
        outcome=Outcome(signal=9),
    )
    shown = text(overview(run, None)).splitlines()
    assert shown[0].endswith("interrupted: the machine went down")
    assert any("by signal 9 after" in line for line in shown)


def test_the_overview_of_an_ordinary_run_fits_a_terminal() -> None:
    head = text(overview(make_run(), 80))
    assert max(text_width(line) for line in head.splitlines() if "not measured" not in line) <= 80


def test_many_steps_are_cut_short_in_the_overview_and_whole_in_their_section() -> None:
    steps = tuple(msgspec.structs.replace(make_steps()[0], layer=layer) for layer in range(40))
    run = make_run(steps=steps)
    assert f"… 32 more: assay runs show {run.id} --section steps" in text(overview(run, None))
    assert len(section(run, "steps", None)) == 41


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_shows_something_of_a_full_run(name: str) -> None:
    lines = text(section(make_run(), name, None)).splitlines()
    assert lines
    assert "has no" not in lines[0]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_empty_section_says_so(name: str) -> None:
    empty: dict[str, object] = {
        "metrics": (),
        "ops": (),
        "steps": (),
        "devices": (),
        "energy": (),
        "quality": (),
        "series": (),
        "artifacts": (),
    }
    run = make_run(**empty)
    assert text(section(run, name, None)) == f"{run.id} has no {name}"


def test_what_strangers_wrote_can_t_act_on_the_terminal() -> None:
    plan = make_plan()
    target = msgspec.structs.replace(plan.target, argv=("x\x1b[2J\n",))
    run: Run = make_run(plan=msgspec.structs.replace(plan, target=target))
    shown = text(overview(run, None))
    assert "\x1b" not in shown
    assert "\\x1b[2J" in shown
