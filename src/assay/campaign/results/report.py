"""Cells over cycles: of each cell the mean of every metric over its complete cycles, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from assay.campaign.grid.campaign import Campaign
from assay.campaign.grid.cells import Cell
from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.place import Place
from assay.campaign.manifest.states import Row, State
from assay.errors import PlanError, RunNotFoundError
from assay.measure.experiment.summary import summary_of
from assay.record.documents.campaign.report import CampaignReport, ReportedCell
from assay.store import Store, StoredRun


def report_of(campaign: Campaign, store: Store, place: Place) -> CampaignReport:
    """The report on what is done so far."""
    manifest = Manifest.open(place.manifest)
    if manifest is None:
        remedy = f"begin it: assay campaign run {campaign.file}"
        raise PlanError("this campaign was not begun", where=str(campaign.file), remedy=remedy)
    with manifest:
        rows = manifest.rows()
    done: dict[str, list[Row]] = {}
    for row in rows:
        if row.state is State.DONE:
            done.setdefault(row.cell, []).append(row)
    cells = tuple(_cell(cell, _runs(done.get(cell.id, ()), store)) for cell in campaign.cells)
    planned = len(campaign.cells) * campaign.cycles
    return CampaignReport(
        name=campaign.name,
        cycles=campaign.cycles,
        missing=planned - sum(cell.cycles_done for cell in cells),
        cells=cells,
    )


def runs_of(campaign: Campaign, store: Store, place: Place) -> list[StoredRun]:
    """Every complete run of the campaign, once, in the order of the file and the cycles."""
    return [store.get(run.id) for cell in report_of(campaign, store, place).cells for run in cell.runs]


def _runs(rows: Sequence[Row], store: Store) -> list[StoredRun]:
    """The runs that are still in the store; one that a person removed is missing."""
    found = []
    for row in sorted(rows, key=lambda row: row.cycle):
        try:
            found.append(store.get(str(row.run)))
        except RunNotFoundError:
            continue
    return found


def _cell(cell: Cell, runs: Sequence[StoredRun]) -> ReportedCell:
    summary = summary_of(runs)
    return ReportedCell(
        label=cell.label,
        varied=cell.varied,
        cycles_done=len(runs),
        runs=summary.runs,
        metrics=summary.metrics,
        flags=summary.flags,
    )
