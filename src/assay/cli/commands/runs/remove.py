"""``assay runs remove``."""

from __future__ import annotations

import sys

import click

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.terminal.console import is_terminal
from assay.errors import UsageError
from assay.record.documents import Change
from assay.record.words.numbers import count_text


@command(
    examples=["assay runs remove @latest --yes", "assay runs remove 01JCZX 01JCZY --dry-run"],
    statuses={1: "the question was answered with no"},
)
@click.argument("runs", type=REFERENCE, nargs=-1, required=True, metavar="RUN…")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@output_options
def remove(session: Session, runs: tuple[str, ...], *, yes: bool, dry_run: bool, output: Output) -> int:
    """Delete each RUN and everything that was made from it, for good.

    On a terminal it asks once; elsewhere it needs --yes. Every RUN is looked up before any is deleted.
    """
    ids = list(dict.fromkeys(session.store.get(run).id for run in runs))
    if not dry_run and not yes and not _agreed(ids):
        session.console.note("nothing was removed")
        return 1
    for run_id in [] if dry_run else ids:
        session.store.remove(run_id)
    report_changes(session, "remove", [Change(run=run_id) for run_id in ids], output, dry_run=dry_run)
    return 0


def _agreed(ids: list[str]) -> bool:
    if not is_terminal(sys.stdin) or not is_terminal(sys.stderr):
        raise UsageError("removing is for good", where="runs remove", remedy="add --yes, or look with --dry-run")
    what = ids[0] if len(ids) == 1 else count_text(len(ids), "runs")
    return click.confirm(f"Remove {what} for good?", err=True)
