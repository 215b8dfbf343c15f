"""``assay runs reindex``."""

from __future__ import annotations

from assay.cli.changes import report_changes
from assay.cli.command import command
from assay.cli.emit import Output, output_options
from assay.cli.session import Session
from assay.record.documents import Change
from assay.record.words.numbers import count_text


@command(examples=["assay runs reindex"])
@output_options
def reindex(session: Session, output: Output) -> None:
    """Rebuild the index from the runs; it is a cache, so nothing can be lost."""
    count = session.store.reindex()
    change = Change(run=None, source=count_text(count, "runs"), result=session.store.location)
    report_changes(session, "reindex", [change], output)
