"""A campaign's plan as a document."""

from __future__ import annotations

from assay.campaign.grid.campaign import Campaign
from assay.record.documents.campaign.plan import CampaignPlan, PlannedCell, PlannedExperiment


def planned(campaign: Campaign) -> CampaignPlan:
    """The document that says what the campaign will do."""
    return CampaignPlan(
        name=campaign.name,
        file=str(campaign.file),
        cycles=campaign.cycles,
        order=campaign.order,
        devices=tuple(campaign.devices),
        cells=tuple(
            PlannedCell(id=cell.id, label=cell.label, group=cell.group, device=cell.device, settings=cell.settings)
            for cell in campaign.cells
        ),
        experiments=tuple(
            PlannedExperiment(id=each.id, cell=each.cell.label, cycle=each.cycle) for each in campaign.experiments()
        ),
    )
