"""Launch, observe, record: one command becomes one sealed run."""

from __future__ import annotations

import signal
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import msgspec

from assay.errors import PlanError
from assay.measure.attach import Attached
from assay.measure.clock import clock_between, take_anchor
from assay.measure.lives import INTERVAL_NS, Lives
from assay.measure.passes import Earlier, Passes
from assay.measure.quality import flags_of
from assay.measure.sources import keep_sources
from assay.measure.target.command import Command
from assay.measure.target.launch import Child
from assay.measure.target.output import CappedLog, OutputSummary
from assay.measure.target.stop import StopRequests
from assay.measure.target.terminal import Loan, lent_to
from assay.measure.target.watch import Cause, Look, Watch, Watched
from assay.observe.collector import Observation
from assay.observe.environment import capture
from assay.observe.tree import Tree
from assay.record.base import Measured, Missing, Quantity
from assay.record.diagnosis.raw import LIFE_FILE
from assay.record.enums import DeviceKind, Status
from assay.record.environment import Environment
from assay.record.plan import Outcome, Plan, Position
from assay.record.rows import UNKNOWN, Device, Metric
from assay.store import Draft, Store, StoredRun
from assay.store.spans import recording as _loaded_beforehand  # noqa: F401 - it takes 0.1 s, in which no end is seen

LAUNCHER = "launcher"
_LOGS = ("stdout.log", "stderr.log")


def run_command(
    plan: Plan,
    store: Store,
    *,
    command: Command | None = None,
    position: Position | None = None,
    environment: Environment | None = None,
) -> StoredRun:
    """Measure one launch of a command and seal it.

    ``command`` holds the words where the plan's were masked; ``environment`` spares a second look at the machine
    when several runs follow each other. A run that was stopped is sealed as ``interrupted`` and returned; a
    command that can't be started raises ``PlanError`` and leaves nothing.
    """
    launched = command or _command_of(plan)
    launched.executable()
    place = environment or capture(launched.cwd)
    with StopRequests() as stop:
        with store.draft(plan, place, position=position or Position()) as draft:
            _measure(draft, plan, launched, stop, place)
        return draft.seal()


def _measure(draft: Draft, plan: Plan, command: Command, stop: StopRequests, place: Environment) -> None:
    attached = Attached(plan.collectors)
    logs = [] if command.pass_through else [CappedLog(_log(draft, file)) for file in _LOGS]
    start = take_anchor()
    try:
        with Child(command) as child, _terminal(command, child) as loan:
            looks = attached.start(child.started, draft)
            tree = Tree(child.started.pid, keeper=child.keeper_pid)
            with closing(Lives(tree, _journal(draft), attached.observers)) as lives:
                child.release()
                looks.insert(0, Look(observer=lives, interval_ns=INTERVAL_NS))
                watched = Watch(child, logs, looks, stop, loan).until_the_end(plan.timeout_s)
    except PlanError as error:
        attached.give_up()
        draft.finish(status=Status.FAILED, clock=clock_between(start, take_anchor()), reason=error.what)
        return
    finally:
        outputs = [log.close() for log in logs]
    end = take_anchor()
    _record(draft, _processor(place), watched, attached.finish(watched.ended))
    keep_sources(draft, command.cwd)
    if watched.cause is Cause.ENDED:
        earlier = Earlier(command, watched.ended, outputs[0] if outputs else None)
        draft.add(quality=tuple(Passes(plan.collectors).take(earlier, draft, stop)))
    status, reason = _verdict(watched, plan.timeout_s, at_terminal=command.pass_through)
    draft.finish(status=status, outcome=_outcome(watched, outputs), clock=clock_between(start, end), reason=reason)


def _terminal(command: Command, child: Child) -> AbstractContextManager[Loan | None]:
    return lent_to(child.started.pid) if command.pass_through else nullcontext()


def _record(draft: Draft, processor: Device, watched: Watched, seen: Observation) -> None:
    wall_ns = watched.ended.end_ns - watched.ended.start_ns
    wall = Metric(name="wall_s", value=Measured(value=wall_ns / 1e9, by=f"{LAUNCHER}:CLOCK_MONOTONIC"))
    metrics = (wall, *seen.metrics)
    draft.spans.append(step="run", start_ns=watched.ended.start_ns, wall_ns=wall_ns, device="cpu:0")
    draft.add(
        metrics=metrics,
        devices=[_with_use(processor, metrics)],
        quality=(*flags_of(wall_ns / 1e9, watched), *seen.quality),
    )


def _processor(place: Environment) -> Device:
    energy = Missing(reason="no energy collector was attached")
    return Device(id="cpu:0", kind=DeviceKind.CPU, name=place.cpu.model or "unknown processor", energy_j=energy)


def _with_use(processor: Device, metrics: tuple[Metric, ...]) -> Device:
    values: dict[str, Quantity] = {metric.name: metric.value for metric in metrics}
    busy_s, peak = values.get("cpu_s", UNKNOWN), values.get("peak_rss_bytes", UNKNOWN)
    return msgspec.structs.replace(processor, busy_s=busy_s, peak_memory_bytes=peak)


def _verdict(watched: Watched, timeout_s: float | None, *, at_terminal: bool) -> tuple[Status, str]:
    if watched.cause is Cause.TIMED_OUT:
        return Status.TIMED_OUT, f"stopped after the time limit of {timeout_s:g} s"
    if watched.cause is Cause.INTERRUPTED:
        return Status.INTERRUPTED, "stopped on request while the target ran"
    code = watched.ended.exit_code
    if code is None:
        return Status.FAILED, "the target ended the process that waited for it"
    if at_terminal and code == -signal.SIGINT:
        return Status.INTERRUPTED, "stopped on request at the terminal"
    if code < 0:
        return Status.FAILED, f"ended by signal {-code} ({_signal_name(-code)})"
    return (Status.FAILED, f"exit status {code}") if code else (Status.COMPLETE, "")


def _outcome(watched: Watched, outputs: list[OutputSummary]) -> Outcome:
    code = watched.ended.exit_code
    stdout, stderr = outputs or (None, None)
    return Outcome(
        exit_code=code if code is not None and code >= 0 else None,
        signal=-code if code is not None and code < 0 else None,
        stdout_bytes=stdout.size_bytes if stdout else None,
        stdout_sha256=stdout.sha256 if stdout else None,
        stderr_bytes=stderr.size_bytes if stderr else None,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # real-time signals have no name of their own
        return "real-time"


def _log(draft: Draft, file: str) -> Path:
    return Path(draft.artifact(file, collector=LAUNCHER, media_type="text/plain"))


def _journal(draft: Draft) -> Path:
    return Path(draft.artifact(LIFE_FILE, collector=LAUNCHER, media_type="application/jsonl"))


def _command_of(plan: Plan) -> Command:
    cwd = Path(plan.target.cwd) if plan.target.cwd else Path.cwd()
    variables = {variable.name: variable.value for variable in plan.target.variables}
    return Command(argv=plan.target.argv, cwd=cwd, variables=variables)
