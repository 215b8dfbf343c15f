from __future__ import annotations

from assay.cli.terminal.style import paint
from assay.cli.views.campaign.plan import plan_lines
from assay.cli.views.campaign.report import report_lines
from assay.cli.views.campaign.status import status_lines
from assay.record.documents.campaign.plan import CampaignPlan, PlannedCell, PlannedExperiment
from assay.record.documents.campaign.report import CampaignReport, ReportedCell
from assay.record.documents.campaign.status import CampaignStatus, CycleStatus, FailedExperiment, HeldGroup
from assay.record.documents.measure import MeasuredMetric


def _text(lines: list[object]) -> str:
    return "\n".join(paint(line, color=False) for line in lines)  # type: ignore[arg-type]


def test_a_long_plan_is_cut_and_says_so() -> None:
    cells = tuple(PlannedCell(id=f"{n:016x}", label=f"n={n}", group="g", device=None, settings={}) for n in range(50))
    first = PlannedExperiment(id="x", cell="n=7", cycle=0)
    document = CampaignPlan(
        name="c", file="c.yaml", cycles=1, order="shuffled", devices=("host",), cells=cells, experiments=(first,) * 50
    )
    text = _text(list(plan_lines(document, 80)))
    assert "50 experiments, 50 cells × 1 cycles" in text
    assert "… and 10 more" in text
    assert "begins with: n=7" in text


def test_a_status_names_what_is_held_and_what_failed() -> None:
    document = CampaignStatus(
        name="c",
        file="c.yaml",
        state="held",
        changed=True,
        total=40,
        done=3,
        failed=1,
        left_s=90.0,
        cycles=tuple(CycleStatus(cycle=number, pending=2) for number in range(20)),
        running=(),
        failures=(FailedExperiment(id="e", cell="n=1", cycle=0, run=None, reason="exit status 3"),),
        held=(HeldGroup(group="command", failures=3, reason="exit status 3"),),
    )
    text = _text(list(status_lines(document, 100)))
    assert "3 of 40 done, about 90" in text
    assert "the file was changed since" in text
    assert "! command: held after 3 failures: exit status 3" in text
    assert "! n=1, cycle 0: exit status 3" in text


def test_a_report_shows_means_with_intervals_and_says_what_is_missing() -> None:
    metric = MeasuredMetric(name="wall_s", unit="s", mean=2.0, low=1.5, high=2.5, values=(2.0,))
    cells = (
        ReportedCell(label="n=1", varied={"n": 1}, cycles_done=5, runs=(), metrics=(metric,), flags=("mind this",)),
        ReportedCell(label="n=2", varied={"n": 2}, cycles_done=0, runs=(), metrics=(), flags=()),
    )
    text = _text(list(report_lines(CampaignReport(name="c", cycles=5, missing=5, cells=cells), 140)))
    assert "1.50 s to 2.50 s" in text
    assert "no complete run" in text
    assert "! 5 experiments are not done" in text
    assert "! mind this" in text
