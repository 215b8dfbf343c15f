"""``assay report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.diagnosis import diagnosis_for_report, patterns_option
from assay.cli.reference import REFERENCE
from assay.cli.reports import ReportOutput, build_report, give, report_options
from assay.cli.session import Session
from assay.errors import RunNotFoundError, UsageError
from assay.report import Framing
from assay.store import StoredRun

_NEWEST = "@latest"


@command(examples=["assay report @latest", "assay report 01JCZX -o report.html -o report.md"])
@click.argument("runs", type=REFERENCE, nargs=-1, metavar="[RUN]…")
@click.option("--title", default="", help="Title of the report; by default the target's name.")
@click.option("--session", "sitting", metavar="NAME", help="Report all runs of this sitting, for example of a demo.")
@patterns_option
@report_options
def report(
    session: Session,
    runs: tuple[str, ...],
    title: str,
    sitting: str | None,
    folders: tuple[Path, ...],
    output: ReportOutput,
) -> None:
    """Write up each RUN for people to read: what ran, why it took its time, the numbers, and where it ran.

    RUN is the beginning of an id, @latest, @-2, a tag, or a path; without any it is the newest run. Several runs
    are grouped by side; two sides that were interleaved are compared.
    """
    output.check()
    chosen = _chosen(session, runs, sitting)
    give(session, build_report(chosen, Framing(title=title), diagnosis_for_report(session, chosen, folders)), output)
    words = f"--session {sitting}" if sitting else " ".join(runs or (_NEWEST,))
    if output.outputs:
        session.console.note(f"report: {', '.join(output.outputs)}; next: assay runs show {chosen[-1].id}")
    elif not output.as_json:
        session.console.note(f"next: assay report {words} -o report.html")


def _chosen(session: Session, references: Sequence[str], sitting: str | None) -> list[StoredRun]:
    """The runs that are meant, each once."""
    if sitting is not None and not references:
        references = [row.id for row in session.store.runs(session=sitting)]
        if not references:
            raise RunNotFoundError(f"no run of a sitting {sitting!r}", remedy="`assay runs list` shows what there is")
    elif sitting is not None:
        raise UsageError("runs and --session were both given", where="report", remedy="give one of them")
    found = [session.store.get(reference) for reference in references or (_NEWEST,)]
    return list({run.id: run for run in found}.values())
