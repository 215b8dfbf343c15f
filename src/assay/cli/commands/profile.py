"""``assay profile``: measure any command and keep the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from assay.cli.command import command, gathered
from assay.cli.diagnosis import patterns_option, say_diagnosis
from assay.cli.reports import ReportOutput, build_view, give_beside, report_beside
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.errors import PlanError
from assay.measure import Command, plan_command, run_command
from assay.record.diagnosis.findings import Findings
from assay.record.enums import Status
from assay.record.plan import Outcome
from assay.store import StoredRun
from assay.store.tags import check_tag

FAILED, NOT_EXECUTABLE, NOT_FOUND, INTERRUPTED = 125, 126, 127, 130
_BY_SIGNAL = 128
_COUNTING = ("cprofile",)
_TIMED_OUT = 124


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is said about the measurement."""

    name: str
    workload: str
    tag: str | None
    collectors: tuple[str, ...]
    timeout_s: float | None
    passes: int
    folders: tuple[Path, ...]


_OPTIONS = (
    click.option("--name", default="", metavar="TEXT", help="Name of the target in lists; by default the program's."),
    click.option("--workload", default="", metavar="TEXT", help="Name of what it is asked to do."),
    click.option("--tag", metavar="NAME", help="Name by which the run can be called."),
    click.option("--collector", "collectors", multiple=True, metavar="NAME", help="Attach this one; may be repeated."),
    click.option(
        "--timeout", "timeout_s", type=click.FloatRange(min=0, min_open=True), metavar="S", help="Time limit."
    ),
    click.option(
        "--passes",
        type=click.IntRange(1, 2),
        default=1,
        show_default=True,
        help="2: run a Python command again under cProfile, to count calls; only for one that may be repeated.",
    ),
    patterns_option,
)


@command(
    examples=[
        "assay profile -- python job.py --size 3",
        "assay profile --tag before --timeout 60 -- ./solve input.txt",
        "assay profile -o report.html -o report.json -- ./solve input.txt",
    ],
    statuses={
        0: "the target ended with 0; any other status of the target is returned too, 128 + N after signal N",
        _TIMED_OUT: "the time limit ended the target",
        FAILED: "Assay failed; the line on standard error says why",
        NOT_EXECUTABLE: "the target can't be executed",
        NOT_FOUND: "the target was not found",
        INTERRUPTED: "interrupted; the partial run is kept and marked",
    },
    own_statuses=True,
    context_settings={"allow_interspersed_args": False},
)
@gathered("wanted", Wanted, *_OPTIONS)
@report_beside
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND…")
def profile(session: Session, argv: tuple[str, ...], wanted: Wanted, output: ReportOutput) -> int:
    """Run COMMAND, observe it, and keep the record of it as a run.

    Its input and output stay as they are, and its exit status is returned. What Assay says goes to standard error;
    with --json its last line there is the document that `assay report --json` prints, and -o keeps it apart.
    """
    leave_pandas_out()
    output.check()
    if wanted.tag is not None:
        check_tag(wanted.tag)
    target = Command(argv=argv, pass_through=True)
    plan = plan_command(
        target,
        name=wanted.name,
        workload=wanted.workload,
        collectors=wanted.collectors,
        also=_COUNTING if wanted.passes > 1 else (),
        timeout_s=wanted.timeout_s,
    )
    try:
        target.executable()
    except PlanError as error:
        session.console.complain(f"assay: profile: {error}")
        return NOT_EXECUTABLE if _is_there(argv[0]) else NOT_FOUND
    run = run_command(plan, session.store, command=target)
    if wanted.tag is not None:
        session.store.tag(run.id, wanted.tag)
    session.console.note(f"run {run.id}: {_ended(run)}")
    found = say_diagnosis(session, run, wanted.folders)
    if output.wanted:
        give_beside(session, build_view([run], diagnosis=found), output)
    if not output.as_json:
        session.console.note("", f"next: {_next(wanted.tag or run.id, found)}")
    return _status(run.record.status, run.record.outcome)


def _is_there(program: str) -> bool:
    """Whether the word names a file at all; a word without a slash is looked for on PATH only."""
    return "/" in program and Path(program).exists()


def _next(run: str, found: Findings | None) -> str:
    return f"assay explain {run}" if found is not None and found.findings else f"assay runs show {run}"


def _ended(run: StoredRun) -> str:
    return run.record.status_reason or run.record.status.value


def _status(status: Status, outcome: Outcome) -> int:
    if status is Status.INTERRUPTED:
        return INTERRUPTED
    if status is Status.TIMED_OUT:
        return _TIMED_OUT
    if outcome.signal is not None:
        return _BY_SIGNAL + outcome.signal
    return FAILED if outcome.exit_code is None else outcome.exit_code
