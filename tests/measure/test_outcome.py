from __future__ import annotations

import signal
from pathlib import Path

import pytest

from assay.measure.outcome import outcome, outcome_attached, verdict
from assay.measure.target.command import Command, limit_options, limits_of, plan_command
from assay.measure.target.ladder import Cause, Limits
from assay.measure.target.watch import Watched
from assay.observe.collector import Ended
from assay.record.enums import Status
from tests.measure.launching import python


def _watched(cause: Cause, wait_status: int | None) -> Watched:
    ended = Ended(start_ns=1, end_ns=2, wait_status=wait_status, usage=None)
    return Watched(ended=ended, cause=cause, output_cut=False, outlived=0)


@pytest.mark.parametrize(
    ("cause", "wait_status", "status", "reason"),
    [
        (Cause.ENDED, 0, Status.COMPLETE, ""),
        (Cause.ENDED, 3 << 8, Status.FAILED, "exit status 3"),
        (Cause.ENDED, 9, Status.FAILED, "ended by signal 9 (SIGKILL)"),
        (Cause.ENDED, None, Status.FAILED, "the target ended the process that waited for it"),
        (Cause.TIMED_OUT, 2, Status.TIMED_OUT, "stopped after the time limit of 4 s"),
        (Cause.TIMED_OUT, None, Status.TIMED_OUT, "stopped after the time limit of 4 s, and could not be ended"),
        (Cause.INTERRUPTED, 2, Status.INTERRUPTED, "stopped on request while the target ran"),
        (Cause.OBSERVED, 2, Status.COMPLETE, ""),
    ],
)
def test_the_status_follows_from_cause_and_end(
    cause: Cause, wait_status: int | None, status: Status, reason: str
) -> None:
    watched = _watched(cause, wait_status)
    assert verdict(watched, Limits(timeout_s=4.0), at_terminal=False) == (status, reason)


def test_ctrl_c_at_the_terminal_reaches_the_target_and_is_an_interruption() -> None:
    watched = _watched(Cause.ENDED, signal.SIGINT)
    assert verdict(watched, Limits(), at_terminal=True)[0] is Status.INTERRUPTED
    assert verdict(watched, Limits(), at_terminal=False)[0] is Status.FAILED


def test_an_end_that_nobody_saw_has_no_code_and_a_note_tells_what_was_wanted() -> None:
    assert outcome(_watched(Cause.ENDED, None), ()).exit_code is None
    assert "observed" in outcome(_watched(Cause.OBSERVED, 2), ()).note
    assert {outcome_attached(_watched(cause, None)).note for cause in (Cause.ENDED, Cause.OBSERVED)} != {""}


def test_limits_travel_in_the_plan() -> None:
    limits = Limits(timeout_s=9.0, duration_s=4.0, warmup_s=1.0)
    command = Command(argv=python("pass"), cwd=Path("/"))
    assert limits_of(plan_command(command, timeout_s=9.0, options=limit_options(limits))) == limits
    assert limits_of(plan_command(command)) == Limits()
