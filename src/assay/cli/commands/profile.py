"""``assay profile``: measure any command and keep the record."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.command import command, gathered
from assay.cli.diagnosis import say_diagnosis
from assay.cli.gate import FOUND, Gate, open_gate, say_failing
from assay.cli.profiling.options import OPTIONS, Wanted
from assay.cli.reports import ReportOutput, build_report, give_beside, report_beside
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.cli.views.moment import live_view
from assay.cli.wording.options import OPTIONS as WORDING
from assay.cli.wording.options import Wording, try_wording
from assay.errors import PlanError
from assay.measure import attach_to, run_command
from assay.record.diagnosis.findings import Findings
from assay.record.enums import Status
from assay.store import StoredRun

FAILED, NOT_EXECUTABLE, NOT_FOUND, INTERRUPTED = 125, 126, 127, 130
_BY_SIGNAL = 128
_TIMED_OUT = 124
_OF_STATUS = {Status.COMPLETE: 0, Status.TIMED_OUT: _TIMED_OUT, Status.INTERRUPTED: INTERRUPTED}


@command(
    examples=[
        "assay profile -- python job.py --size 3",
        "assay profile --tag before --timeout 60 -- ./solve input.txt",
        "assay profile -o report.html -o report.json -- ./solve input.txt",
        "assay profile --fail-on linear_membership_list,io -- python job.py",
        "assay profile --live --attach 4242 --duration 30",
        "assay profile --explain http://localhost:8000/v1 --explain-model qwen -- python job.py",
    ],
    statuses={
        0: "the target ended with 0; any other status of the target is returned too, 128 + N after signal N",
        FOUND: "the target ended with 0, and a cause that --fail-on names was found",
        _TIMED_OUT: "the time limit ended the target",
        FAILED: "Assay failed; the line on standard error says why",
        NOT_EXECUTABLE: "the target can't be executed",
        NOT_FOUND: "the target was not found",
        INTERRUPTED: "interrupted; the partial run is kept and marked",
    },
    own_statuses=True,
    context_settings={"allow_interspersed_args": False},
)
@gathered("wanted", Wanted, *OPTIONS)
@gathered("wording", Wording, *WORDING)
@report_beside
@click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="-- COMMAND…")
def profile(session: Session, argv: tuple[str, ...], wanted: Wanted, wording: Wording, output: ReportOutput) -> int:
    """Run COMMAND, observe it, and keep the record of it as a run.

    Its input and output stay as they are, and its exit status is returned. What Assay says goes to standard error;
    with --json its last line there is the document that `assay report --json` prints, and -o keeps it apart. With
    --explain a language model words the findings there; it gets them alone, and is off unless asked for.

    Time limits ask the whole tree to end: INT, then TERM, then KILL. What outlives the target is ended with it.
    """
    leave_pandas_out()
    output.check()
    wanted.check(argv)
    wording.check()
    gate = open_gate(wanted.fail_on, wanted.folders)
    viewer = live_view(session) if wanted.live else None
    if wanted.pid is not None:
        run = attach_to(wanted.pid, wanted.plan_attaching(wanted.pid), session.store, viewer=viewer)
        return _told(session, run, wanted, wording, output, gate)
    target = wanted.command(argv)
    try:
        target.executable()
    except PlanError as error:
        session.console.complain(f"assay: profile: {error}")
        return NOT_EXECUTABLE if _is_there(argv[0]) else NOT_FOUND
    run = run_command(wanted.plan(target), session.store, command=target, viewer=viewer)
    if viewer is not None:
        viewer.give_way()
    return _told(session, run, wanted, wording, output, gate)


def _told(session: Session, run: StoredRun, wanted: Wanted, wording: Wording, output: ReportOutput, gate: Gate) -> int:
    """Say what became of the target and where its record lies; the status to return."""
    if wanted.tag is not None:
        session.store.tag(run.id, wanted.tag)
    session.console.note(f"run {run.id}: {_ended(run)}")
    judged = say_diagnosis(session, run, wanted.folders)
    found = None if judged is None else judged.findings
    if found is not None:
        try_wording(session, found, wording)
    if output.wanted:
        give_beside(session, build_report([run], judged=judged), output)
    if not output.as_json:
        session.console.note("", f"next: {_next(wanted.tag or run.id, found)}")
    status, failing = _status(run), gate.failing(found)
    if failing:
        say_failing(session, failing)
    return FOUND if failing and status == 0 else status


def _is_there(program: str) -> bool:
    """Whether the word names a file at all; a word without a slash is looked for on PATH only."""
    return "/" in program and Path(program).exists()


def _next(run: str, found: Findings | None) -> str:
    return f"assay explain {run}" if found is not None and found.findings else f"assay runs show {run}"


def _ended(run: StoredRun) -> str:
    return run.record.status_reason or run.record.outcome.note or run.record.status.value


def _status(run: StoredRun) -> int:
    """The target's own status, where it was neither ended by Assay nor refused by the kernel."""
    status, outcome = run.record.status, run.record.outcome
    if status is not Status.FAILED:
        return _OF_STATUS[status]
    if outcome.signal is not None:
        return _BY_SIGNAL + outcome.signal
    if outcome.exit_code is None:
        return FAILED if "wall_s" in run.metrics else NOT_EXECUTABLE
    return outcome.exit_code
