"""``assay runs tag``."""

from __future__ import annotations

import click

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.record.documents import Change


@command(examples=["assay runs tag @latest baseline"])
@click.argument("run", type=REFERENCE)
@click.argument("name")
@output_options
def tag(session: Session, run: str, name: str, output: Output) -> None:
    """Give RUN the name NAME, by which it can be called from then on.

    A name that another run has moves to this one.
    """
    found = session.store.get(run)
    session.store.tag(found.id, name)
    report_changes(session, "tag", [Change(run=found.id, result=name)], output)
