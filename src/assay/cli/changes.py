"""How the verbs that change something say what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assay.cli.emit import Answer, Output, emit
from assay.cli.session import Session
from assay.cli.start.guard import one_line
from assay.cli.terminal.style import Line
from assay.errors import AssayError
from assay.record.documents import Change, RunsChanged

THERE_ALREADY = "was there already"
"""The result where nothing had to be done."""
_WORDS = {
    "tag": ("tagged", "would tag"),
    "untag": ("untagged", "would untag"),
    "export": ("exported", "would export"),
    "import": ("imported", "would import"),
    "migrate": ("migrated", "would migrate"),
    "remove": ("removed", "would remove"),
    "reindex": ("indexed", "would index"),
    "salvage": ("salvaged", "would salvage"),
}


def changes_of_each(
    session: Session, what: str, sources: Sequence[str], change: Callable[[str], Iterable[Change]]
) -> tuple[list[Change], bool]:
    """Do ``change`` for every source, and whether all went well; what fails gets its line and stops no other."""
    done: list[Change] = []
    all_well = True
    with session.progress(what) as progress:
        for source in progress.over(sources, len(sources)):
            try:
                done.extend(change(source))
            except AssayError as error:
                session.console.complain(f"assay: {one_line(error)}")
                all_well = False
    return done, all_well


def report_changes(
    session: Session, verb: str, changes: Sequence[Change], output: Output, *, dry_run: bool = False
) -> None:
    """Print what was done, or would have been."""
    document = RunsChanged(verb=verb, dry_run=dry_run, changes=tuple(changes))
    word = _WORDS[verb][dry_run]
    lines: list[Line] = [_change_text(change, word) for change in changes]
    emit(session, Answer(document=document, lines=lambda _width: lines, rows=document.changes, row_type=Change), output)


def _change_text(change: Change, word: str) -> str:
    head = " as ".join(dict.fromkeys(part for part in (change.source, change.run) if part))
    if change.result == THERE_ALREADY:
        return f"{THERE_ALREADY}: {head}"
    return f"{word} {head} -> {change.result}" if change.result else f"{word} {head}"
