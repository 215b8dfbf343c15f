"""What a watch came to: the status of the run, how the target ended, and the span it took."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from assay.measure.streams.output import OutputSummary
from assay.measure.target.ladder import Cause, Limits
from assay.measure.target.watch import Watched
from assay.record.enums import Phase, Status
from assay.record.plan import Outcome
from assay.store import Draft

_ATTACHED_NOTES = {
    Cause.ENDED: "the process ended while it was observed",
    Cause.OBSERVED: "it was observed for the time asked for, and goes on",
    Cause.INTERRUPTED: "it was observed until a request to stop, and goes on",
}


def verdict(watched: Watched, limits: Limits, *, at_terminal: bool) -> tuple[Status, str]:
    """The status of a launched target's run, and the reason where it is not complete."""
    unended = ", and could not be ended" if watched.ended.exit_code is None else ""
    if watched.cause is Cause.TIMED_OUT:
        return Status.TIMED_OUT, f"stopped after the time limit of {limits.timeout_s:g} s{unended}"
    if watched.cause is Cause.INTERRUPTED:
        return Status.INTERRUPTED, f"stopped on request while the target ran{unended}"
    if watched.cause is Cause.OBSERVED:
        return Status.COMPLETE, ""
    return _by_exit_code(watched.ended.exit_code, at_terminal=at_terminal)


def outcome(watched: Watched, outputs: Sequence[OutputSummary]) -> Outcome:
    """How a launched target ended, and what it wrote."""
    code = watched.ended.exit_code
    stdout, stderr = outputs or (None, None)
    is_observed = watched.cause is Cause.OBSERVED
    return Outcome(
        exit_code=code if code is not None and code >= 0 else None,
        signal=-code if code is not None and code < 0 else None,
        stdout_bytes=stdout.size_bytes if stdout else None,
        stdout_sha256=stdout.sha256 if stdout else None,
        stderr_bytes=stderr.size_bytes if stderr else None,
        note="ended by Assay, after the time for which it was to be observed" if is_observed else "",
    )


def outcome_attached(watched: Watched) -> Outcome:
    """What became of a process that was there before."""
    return Outcome(note=_ATTACHED_NOTES[watched.cause])


def add_spans(draft: Draft, watched: Watched, warmup_s: float) -> int:
    """The run as a span, and the part of it that was to warm up as another; the run's wall time in nanoseconds."""
    start_ns = watched.ended.start_ns
    wall_ns = watched.ended.end_ns - start_ns
    draft.spans.append(step="run", start_ns=start_ns, wall_ns=wall_ns, device="cpu:0")
    if warmup_s:
        warmup_ns = min(wall_ns, int(warmup_s * 1e9))
        phase = Phase.WARMUP.value
        draft.spans.append(step="warmup", phase=phase, start_ns=start_ns, wall_ns=warmup_ns, device="cpu:0")
    return wall_ns


def _by_exit_code(code: int | None, *, at_terminal: bool) -> tuple[Status, str]:
    if code is None:
        return Status.FAILED, "the target ended the process that waited for it"
    if at_terminal and code == -signal.SIGINT:
        return Status.INTERRUPTED, "stopped on request at the terminal"
    if code < 0:
        return Status.FAILED, f"ended by signal {-code} ({_signal_name(-code)})"
    return (Status.FAILED, f"exit status {code}") if code else (Status.COMPLETE, "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no name of their own
        return "real-time"
