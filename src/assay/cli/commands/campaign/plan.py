"""``assay campaign plan``: what a file means, before anything starts."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session


@command(
    examples=["assay campaign plan sizes.yaml", "assay campaign plan sizes.yaml -o experiments.csv"],
    statuses={2: "something is wrong with the file; every fault is named with its line"},
)
@output_options
@click.argument("file", type=click.Path(path_type=Path))
def plan(session: Session, file: Path, output: Output) -> None:
    """Show the experiments that FILE means, in the order in which they are made. Nothing is begun or written.

    Every experiment is checked; everything that is wrong with the file is said at once, each with its line and the
    name of the rule that it breaks.
    """
    from assay.campaign.grid.campaign import read_campaign
    from assay.campaign.grid.planned import planned
    from assay.cli.views.campaign.plan import plan_lines
    from assay.record.documents.campaign.plan import PlannedExperiment

    document = planned(read_campaign(file))
    answer = Answer(
        document=document,
        lines=lambda width: plan_lines(document, width),
        rows=document.experiments,
        row_type=PlannedExperiment,
    )
    emit(session, answer, output)
    session.console.note(f"next: assay campaign run {file}")
