"""``assay runs migrate``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from assay.cli.changes import THERE_ALREADY, changes_of_each, report_changes
from assay.cli.command import command
from assay.cli.emit import Output, json_output, write_file
from assay.cli.session import Session
from assay.cli.start.tree import FAILED
from assay.record.codec import encode_run
from assay.record.documents import Change
from assay.store.exchange import migrate as take_in
from assay.store.exchange import migrated


@command(
    examples=["assay runs migrate results.json", "assay runs migrate old/*.json -o migrated"],
    statuses={0: "all were migrated", FAILED: "one or more were not; each has one line on standard error"},
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path())
@click.option("-o", "--output", "folder", metavar="FOLDER", help="Write each run to FOLDER/ID.json; not to the store.")
@click.option("--into-store", is_flag=True, help="With -o, take the runs into the store as well.")
@json_output
def migrate(session: Session, files: tuple[str, ...], folder: str | None, *, into_store: bool, output: Output) -> int:
    """Turn result FILEs of an older format into runs of the store; the files stay as they are.

    Every field is kept: what has no place in a run is kept word for word in its `migration` section. The same file
    always gives the same runs, so that migrating twice does nothing.
    """

    def migrate_one(file: str) -> Iterator[Change]:
        if folder is not None:
            yield from _written(file, Path(folder))
        if folder is None or into_store:
            for done in take_in(file, session.store):
                yield Change(run=done.id, source=file, result=THERE_ALREADY if done.already_there else "")

    changes, all_well = changes_of_each(session, "migrating", files, migrate_one)
    report_changes(session, "migrate", changes, output)
    return 0 if all_well else FAILED


def _written(file: str, folder: Path) -> Iterator[Change]:
    """The runs of one old file, each in a file of its own."""
    runs = migrated(file)
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        target = folder / f"{run.id}.json"
        write_file(target, encode_run(run).decode("utf-8"))
        yield Change(run=run.id, source=file, result=str(target))
