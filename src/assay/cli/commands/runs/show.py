"""``assay runs show``."""

from __future__ import annotations

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.views.run import SECTIONS, overview, section
from assay.errors import UsageError

_SECTION_HELP = f"Show this section, in full: {', '.join(SECTIONS)}."


@command(
    examples=["assay runs show @latest", "assay runs show @latest --section environment", "assay runs show 01J --json"]
)
@click.argument("run", type=REFERENCE)
@click.option("--section", "name", type=click.Choice(SECTIONS), metavar="NAME", help=_SECTION_HELP)
@output_options
def show(session: Session, run: str, name: str | None, output: Output) -> None:
    """Show what RUN holds: what ran, how it ended, its numbers, and what to know about them.

    RUN is the beginning of an id, @latest, @-2 (the one before the one before), a tag, or a path.
    --json prints the record itself.
    """
    if name and output.as_json:
        raise UsageError("--section is for people, --json is the whole record", where="runs show", remedy="give one")
    stored = session.store.get(run)
    record = stored.record
    lines = (lambda width: section(record, name, width)) if name else (lambda width: overview(record, width))
    emit(session, Answer(document=record, lines=lines), output)
    if not output.as_json and not output.outputs:
        session.console.detail(f"its files: {stored.folder}")
        session.console.note(f"next: assay report {record.id} -o report.html")
