"""``assay doctor``: what this machine can measure."""

from __future__ import annotations

from collections.abc import Sequence

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.views.machine import machine_lines
from assay.errors import UsageError
from assay.observe.doctor import examine
from assay.record.checks import Check, CheckState
from assay.record.documents import Doctor
from assay.settings import closest


@command(
    examples=["assay doctor", "assay doctor --fail-on native_core --fail-on degraded:rapl"],
    statuses={0: "done, whatever was found", 1: "something that --fail-on names is not ok"},
)
@click.option(
    "--fail-on",
    "conditions",
    multiple=True,
    metavar="[STATE:]ID",
    help="Exit with status 1 unless ID is ok; missing:ID lets degraded pass; may be repeated.",
)
@output_options
def doctor(session: Session, conditions: tuple[str, ...], output: Output) -> int:
    """Say what this machine can measure, what not and why, what is lost, and what would enable it.

    Nothing is changed: what needs root is printed as a command for a person to run.
    """
    checks = examine()
    failed = [condition for condition in conditions if _holds(condition, checks)]
    everything = session.settings.verbosity == "verbose"
    answer = Answer(
        document=Doctor(checks=checks),
        lines=lambda width: machine_lines(checks, width, all_in_full=everything),
        rows=checks,
        row_type=Check,
    )
    emit(session, answer, output)
    for condition in failed:
        session.console.complain(f"assay: doctor: {condition} is not ok")
    return 1 if failed else 0


def _holds(condition: str, checks: Sequence[Check]) -> bool:
    """Whether a condition of ``--fail-on`` is met; ``ID`` alone is met by anything but ok."""
    state, colon, name = condition.rpartition(":")
    by_id = {check.id: check for check in checks}
    if name not in by_id:
        near = closest(name, by_id)
        remedy = f"did you mean {near!r}?" if near else f"ids are: {', '.join(by_id)}"
        raise UsageError(f"there is no check {name!r}", where="--fail-on", remedy=remedy)
    if not colon:
        return by_id[name].state is not CheckState.OK
    if state not in (CheckState.DEGRADED.value, CheckState.MISSING.value):
        raise UsageError(f"{state!r} is no state", where="--fail-on", remedy="write missing:ID or degraded:ID")
    return by_id[name].state is CheckState.MISSING or by_id[name].state.value == state
