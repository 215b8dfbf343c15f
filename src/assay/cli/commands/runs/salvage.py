"""``assay runs salvage``."""

from __future__ import annotations

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.session import Session
from assay.record.documents import Change


@command(examples=["assay runs salvage"])
@output_options
def salvage(session: Session, output: Output) -> None:
    """Seal what interrupted measurements left behind, as runs marked `interrupted`.

    Measurements that are still under way are left alone. Every other use of the store does the same in passing.
    """
    found = session.store.salvage()
    changes = [Change(run=draft.id, result=draft.problem and f"{draft.folder}: {draft.problem}") for draft in found]
    report_changes(session, "salvage", changes, output)
    if not found:
        session.console.note("nothing was left behind")
