"""``assay runs validate``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.start.guard import one_line
from assay.cli.terminal.style import Line, Styled
from assay.errors import AssayError, RecordError
from assay.record.documents import Checked, RunsValidate
from assay.record.words.numbers import count_text
from assay.store.exchange import validate as check

_BAD = 2


@command(
    examples=["assay runs validate run.json results/*.tar.zst", "assay runs validate @latest"],
    statuses={0: "all are valid", _BAD: "one or more are not; each has one line on standard error"},
)
@click.argument("sources", nargs=-1, required=True, metavar="PATH|RUN…", type=REFERENCE)
@output_options
def validate(session: Session, sources: tuple[str, ...], output: Output) -> int:
    """Check runs, and size and hash of every file they name, as if a stranger had sent them.

    A source is a run's folder, its run.json, an exported archive, or a run of the store by id, @latest or tag.
    """
    with session.progress("checking") as progress:
        checked = tuple(_checked(session, source) for source in progress.over(sources, len(sources)))
    emit(
        session,
        Answer(document=RunsValidate(checked=checked), lines=lambda _: _good(checked), rows=checked, row_type=Checked),
        output,
    )
    bad = [source for source in checked if not source.valid]
    for source in bad:
        session.console.complain(f"assay: {_first_problem(source)}")
        for problem in source.problems[1:]:
            session.console.detail(f"       {problem}")
    return _BAD if bad else 0


def _checked(session: Session, source: str) -> Checked:
    try:
        report = check(_place(session, source))
    except AssayError as error:
        return Checked(source=source, valid=False, problems=(one_line(error),), files_checked=0)
    except OSError as error:
        line = one_line(RecordError(error.strerror or str(error), where=source, remedy="name a file that can be read"))
        return Checked(source=source, valid=False, problems=(line,), files_checked=0)
    return Checked(source=source, valid=report.valid, problems=report.problems, files_checked=report.files_checked)


def _place(session: Session, source: str) -> Path:
    """A path as it is, anything else as a run of the store."""
    if os.path.lexists(source) or "/" in source or Path(source).suffix:
        return Path(source)
    return session.store.get(source).folder


def _good(checked: tuple[Checked, ...]) -> list[Line]:
    return [
        (
            Styled("valid", "green"),
            f"  {source.source}",
            Styled(f"  {count_text(source.files_checked, 'files')} checked", "dim"),
        )
        for source in checked
        if source.valid
    ]


def _first_problem(source: Checked) -> str:
    more = f" (and {len(source.problems) - 1} more; -v shows them)" if len(source.problems) > 1 else ""
    return one_line(AssayError(source.problems[0]), longest=500 - len("assay: ") - len(more)) + more
