"""Launch or attach, observe, record: one command or process becomes one sealed run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import msgspec

from assay.errors import PlanError
from assay.measure.clock import clock_between, take_anchor
from assay.measure.existing import Existing
from assay.measure.observers.attach import Attached
from assay.measure.observers.board import INTERVAL_NS as SHOWN_EVERY_NS
from assay.measure.observers.board import Board, Viewer
from assay.measure.observers.cost import COST_FILE, Meter
from assay.measure.observers.lives import INTERVAL_NS, Lives
from assay.measure.outcome import add_spans, outcome, outcome_attached, verdict
from assay.measure.passes import Earlier, Passes
from assay.measure.quality import flags_of
from assay.measure.sources import keep_sources
from assay.measure.streams.output import CappedLog, Unkept
from assay.measure.streams.pump import Echo, Pump
from assay.measure.streams.routes import Resizing, Streams
from assay.measure.target.command import Command, limits_of
from assay.measure.target.ladder import Cause
from assay.measure.target.launch import Child
from assay.measure.target.stop import StopRequests
from assay.measure.target.terminal import Loan, lent_to
from assay.measure.target.watch import Look, Watch, Watched
from assay.observe.environment import capture
from assay.observe.tree import Tree
from assay.record.base import Measured, Missing, Quantity
from assay.record.diagnosis.raw import LIFE_FILE
from assay.record.enums import DeviceKind, Status
from assay.record.environment import Environment
from assay.record.plan import Plan, Position
from assay.record.rows import UNKNOWN, Device, Metric
from assay.store import Draft, Store, StoredRun
from assay.store.spans import recording as _loaded_beforehand  # noqa: F401 - it takes 0.1 s, in which no end is seen

LAUNCHER = "launcher"
_LOGS = ("stdout.log", "stderr.log")
_RESIZED_EVERY_NS = 200_000_000


def run_command(
    plan: Plan,
    store: Store,
    *,
    command: Command | None = None,
    position: Position | None = None,
    environment: Environment | None = None,
    viewer: Viewer | None = None,
) -> StoredRun:
    """Measure one launch of a command and seal it.

    ``command`` holds the words where the plan's were masked; ``environment`` spares a second look at the machine
    when several runs follow each other; ``viewer`` is shown what the target does meanwhile. A run that was stopped is
    sealed as ``interrupted`` and returned; a command that can't be started raises ``PlanError`` and leaves nothing.
    """
    launched = command or _command_of(plan)
    launched.executable()
    place = environment or capture(launched.cwd)
    with StopRequests() as stop:
        with store.draft(plan, place, position=position or Position()) as draft:
            Measurement(draft, plan, place, stop, viewer).of_command(launched)
        return draft.seal()


def attach_to(
    pid: int, plan: Plan, store: Store, *, environment: Environment | None = None, viewer: Viewer | None = None
) -> StoredRun:
    """Observe a process that runs already, until it ends, enough was seen or a request to stop comes; it goes on."""
    with StopRequests() as stop, Existing(pid) as process:
        place = environment or capture(Path.cwd())
        with store.draft(plan, place) as draft:
            Measurement(draft, plan, place, stop, viewer).of_process(process)
        return draft.seal()


class Measurement:
    """One target under observation, and the draft that is written of it."""

    def __init__(self, draft: Draft, plan: Plan, place: Environment, stop: StopRequests, viewer: Viewer | None) -> None:
        self._draft = draft
        self._attached = Attached(plan.collectors)
        self._passes = Passes(plan.collectors)
        self._meter = Meter()
        self._limits = limits_of(plan)
        self._processor = _processor(place)
        self._stop = stop
        self._viewer = viewer

    def of_command(self, command: Command) -> None:
        """Launch the command and see it to its end."""
        is_kept = command.streams in (Streams.CAPTURED, Streams.RECORDED)
        logs = [CappedLog(self._log(file)) for file in _LOGS] if is_kept else []
        start = take_anchor()
        try:
            with Child(command) as child, _terminal(command, child) as loan:
                pump = Pump(child.pipes(), logs or [Unkept() for _ in child.routes], self._echoes(command, child))
                tree = Tree(child.started.pid, keeper=child.keeper_pid)
                resizing = Resizing(child.routes, command.echo, child.started.pid)
                more = [Look(observer=resizing, interval_ns=_RESIZED_EVERY_NS)] if resizing.is_needed else []
                watched = self._watch(child, tree, pump, loan, more)
        except PlanError as error:
            self._attached.give_up()
            clock = clock_between(start, take_anchor())
            self._draft.finish(status=Status.FAILED, clock=clock, reason=error.what)
            return
        finally:
            outputs = [log.close() for log in logs]
        clock = clock_between(start, take_anchor())
        self._record(watched, command.cwd)
        if watched.cause is Cause.ENDED:
            earlier = Earlier(command, watched.ended, outputs[0] if outputs else None)
            self._draft.add(quality=tuple(self._passes.take(earlier, self._draft, self._stop)))
        status, reason = verdict(watched, self._limits, at_terminal=command.streams is not Streams.RECORDED)
        self._draft.finish(status=status, outcome=outcome(watched, outputs), clock=clock, reason=reason)

    def of_process(self, process: Existing) -> None:
        """Observe the process as long as that is wanted."""
        start = take_anchor()
        watched = self._watch(process, Tree(process.started.pid), Pump((), ()))
        clock = clock_between(start, take_anchor())
        self._record(watched, process.cwd)
        self._draft.finish(outcome=outcome_attached(watched), clock=clock)

    def _watch(
        self, target: Child | Existing, tree: Tree, pump: Pump, loan: Loan | None = None, more: Sequence[Look] = ()
    ) -> Watched:
        board = None if self._viewer is None else Board(self._viewer)
        looks = self._attached.start(target.started, self._draft if board is None else board.over(self._draft))
        if board is not None:
            looks.append(Look(observer=board, interval_ns=SHOWN_EVERY_NS))
        looks += more
        journal = self._draft.artifact(LIFE_FILE, collector=LAUNCHER, media_type="application/jsonl")
        with closing(Lives(tree, journal, self._attached.observers)) as lives:
            self._meter.begin()
            target.release()
            looks.insert(0, Look(observer=lives, interval_ns=INTERVAL_NS))
            return Watch(target, pump, looks, self._stop, loan).until_the_end(self._limits)

    def _record(self, watched: Watched, cwd: Path) -> None:
        seen = self._attached.finish(watched.ended)
        cost = self._draft.artifact(COST_FILE, collector=LAUNCHER, media_type="application/json")
        cost.write_bytes(msgspec.json.encode(self._meter.read(watched.ended)))
        wall_s = add_spans(self._draft, watched, self._limits.warmup_s) / 1e9
        wall = Metric(name="wall_s", value=Measured(value=wall_s, by=f"{LAUNCHER}:CLOCK_MONOTONIC"))
        metrics = (wall, *seen.metrics)
        device = _with_use(self._processor, metrics)
        self._draft.add(metrics=metrics, devices=[device], quality=(*flags_of(wall_s, watched), *seen.quality))
        keep_sources(self._draft, cwd)

    def _echoes(self, command: Command, child: Child) -> list[Echo | None]:
        """Where the ways of the target's output go on to; what is shown beside makes room on a terminal alone."""
        streams = [command.echo[route.streams[0] - 1] for route in child.routes]
        beside = [self._viewer if stream is not None and os.isatty(stream) else None for stream in streams]
        return [None if stream is None else Echo(stream, one) for stream, one in zip(streams, beside, strict=True)]

    def _log(self, file: str) -> Path:
        return self._draft.artifact(file, collector=LAUNCHER, media_type="text/plain")


def _terminal(command: Command, child: Child) -> AbstractContextManager[Loan | None]:
    return nullcontext() if command.streams is Streams.RECORDED else lent_to(child.started.pid)


def _processor(place: Environment) -> Device:
    energy = Missing(reason="no energy collector was attached")
    return Device(id="cpu:0", kind=DeviceKind.CPU, name=place.cpu.model or "unknown processor", energy_j=energy)


def _with_use(processor: Device, metrics: tuple[Metric, ...]) -> Device:
    values: dict[str, Quantity] = {metric.name: metric.value for metric in metrics}
    busy_s, peak = values.get("cpu_s", UNKNOWN), values.get("peak_rss_bytes", UNKNOWN)
    return msgspec.structs.replace(processor, busy_s=busy_s, peak_memory_bytes=peak)


def _command_of(plan: Plan) -> Command:
    cwd = Path(plan.target.cwd) if plan.target.cwd else Path.cwd()
    variables = {variable.name: variable.value for variable in plan.target.variables}
    return Command(argv=plan.target.argv, cwd=cwd, variables=variables)
