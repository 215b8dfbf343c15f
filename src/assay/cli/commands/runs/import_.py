"""``assay runs import``."""

from __future__ import annotations

import click

from assay.cli.changes import THERE_ALREADY, changes_of_each, report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.session import Session
from assay.cli.start.tree import FAILED
from assay.record.documents import Change
from assay.store.exchange import import_run


@command(
    examples=["assay runs import run.tar.zst", "assay runs import archives/*.tar.zst --json"],
    statuses={0: "all are in the store", FAILED: "one or more are not; each has one line on standard error"},
)
@click.argument("sources", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@output_options
def import_runs(session: Session, sources: tuple[str, ...], output: Output) -> int:
    """Take the run of each FILE into the store: an exported archive, a run's folder, or a record without files.

    Everything is checked first, as `assay runs validate` does. A run keeps its id; one that is there already is
    left alone.
    """

    def take_in(source: str) -> list[Change]:
        done = import_run(source, session.store)
        return [Change(run=done.id, source=source, result=THERE_ALREADY if done.already_there else "")]

    changes, all_well = changes_of_each(session, "importing", sources, take_in)
    report_changes(session, "import", changes, output)
    if changes:
        session.console.note(f"next: assay runs show {changes[-1].run}")
    return 0 if all_well else FAILED
