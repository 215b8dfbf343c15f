"""``assay runs untag``."""

from __future__ import annotations

import click

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.session import Session
from assay.record.documents import Change


@command(examples=["assay runs untag baseline"])
@click.argument("name")
@output_options
def untag(session: Session, name: str, output: Output) -> None:
    """Take the name NAME away; the run that had it stays."""
    session.store.untag(name)
    report_changes(session, "untag", [Change(run=None, source=name)], output)
