"""``assay campaign report``: cells over cycles, with intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options, write_file
from assay.cli.session import Session


@command(examples=["assay campaign report sizes.yaml", "assay campaign report sizes.yaml -o runs.csv -o report.json"])
@output_options
@click.argument("file", type=click.Path(path_type=Path))
def report(session: Session, file: Path, output: Output) -> None:
    """Show what the cells of FILE came to: each number's mean over cycles, with its interval of 95 %.

    A cycle is one value, so that intervals need three cycles. A file that ends in .csv gets a row a run with every
    metric; .json and .txt hold this report.
    """
    from assay.campaign.grid.campaign import read_campaign
    from assay.campaign.manifest.place import place_of
    from assay.campaign.results.report import report_of
    from assay.cli.views.campaign.report import report_lines
    from assay.report.tables.wide import wide_csv

    document = report_of(read_campaign(file), session.store, place_of(session.store.layout.root, file))
    tables = [name for name in output.outputs if name.lower().endswith(".csv")]
    for name in tables:
        ids = [run.id for cell in document.cells for run in cell.runs]
        write_file(Path(name), wide_csv([session.store.get(one).record for one in ids]))
        session.console.note(f"written: {name}")
    others = tuple(name for name in output.outputs if name not in tables)
    if output.as_json or others or not tables:
        answer = Answer(document=document, lines=lambda width: report_lines(document, width))
        emit(session, answer, replace(output, outputs=others))
    done = [cell.label for cell in document.cells if cell.cycles_done]
    if len(done) > 1:
        first, second = (f"campaign:{document.name}/{label}" for label in done[:2])
        session.console.note(f"next: assay compare {first} {second}")
