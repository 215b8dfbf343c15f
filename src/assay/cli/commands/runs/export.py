"""``assay runs export``."""

from __future__ import annotations

import click

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, json_output
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.record.documents import Change
from assay.store.exchange import FORMATS
from assay.store.exchange import export as write


@command(examples=["assay runs export @latest -o run.tar.zst", "assay runs export base -o run.json -o run.parquet"])
@click.argument("run", type=REFERENCE)
@click.option(
    "-o",
    "--output",
    "files",
    multiple=True,
    required=True,
    metavar="FILE",
    help=f"Where to; the suffix chooses the format: {', '.join(FORMATS)}; may be repeated.",
)
@json_output
def export(session: Session, run: str, files: tuple[str, ...], output: Output) -> None:
    """Write RUN to FILE, for another store or another program.

    An archive (.tar, .tar.gz, .tar.zst) holds the record and every file of the run, and `assay runs import` takes
    it in again; .parquet is one nested table; .json is the record alone. The same run always gives the same bytes.
    """
    stored = session.store.get(run)
    with session.progress("exporting") as progress:
        changes = [Change(run=stored.id, result=str(write(stored, file))) for file in progress.over(files, len(files))]
    report_changes(session, "export", changes, output)
