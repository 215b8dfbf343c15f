"""One cycle: the idle machine, launches that warm up, launches that count, the idle machine again; one sealed run."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import numpy as np

from assay.measure.clock import clock_between, take_anchor
from assay.measure.experiment.energies import Timed, energies_of
from assay.measure.experiment.idle import idle_for
from assay.measure.experiment.launching import Launched, launch_once
from assay.measure.experiment.numbers import LAUNCHER, per_unit, settling_of, times_of
from assay.measure.experiment.spec import Experiment
from assay.measure.streams.routes import Streams
from assay.measure.target.command import Command, plan_command
from assay.measure.target.ladder import Limits
from assay.measure.target.stop import StopRequests
from assay.observe.energy.meter import Wanted
from assay.observe.energy.processor import Holds
from assay.observe.energy.session import Meters, default_sources
from assay.observe.environment import capture
from assay.record.base import Record
from assay.record.enums import DeviceKind, Phase, Status
from assay.record.environment import Environment
from assay.record.ids import new_ulid
from assay.record.plan import Option, Outcome, Plan, Position
from assay.record.rows import Device, Metric, QualityFlag
from assay.record.run import Clock
from assay.stats.steady import FEWEST, steady_state
from assay.store import Draft, Store, StoredRun

_ENERGY = "energy"


def measure_experiment(
    experiment: Experiment, store: Store, *, after_each: Callable[[StoredRun], None] = lambda _run: None
) -> tuple[StoredRun, ...]:
    """Every cycle of the experiment, each sealed before the next begins; one that was stopped is the last."""
    command = _command(experiment)
    command.executable()
    place, sitting = capture(command.cwd), new_ulid()
    made: list[StoredRun] = []
    for number in range(experiment.cycles):
        position = Position(experiment=experiment.name or None, cycle=number, session=sitting, invocation=number)
        with StopRequests() as stop:
            made.append(_Cycle(experiment, command, place, stop).into(store, Slot(position=position)))
        after_each(made[-1])
        if made[-1].record.status is not Status.COMPLETE:
            break
    return tuple(made)


class Slot(Record, kw_only=True):
    """The place of one cycle in something larger."""

    position: Position
    ulid: str | None = None
    """Id that its run will have; a fresh one where null."""
    held: tuple[int, ...] = ()
    """Descriptors that the command inherits, such as the lock of its device."""


def measure_slot(experiment: Experiment, store: Store, slot: Slot) -> StoredRun:
    """One cycle of the experiment, sealed; a request to stop seals it as interrupted."""
    command = msgspec.structs.replace(_command(experiment), held=slot.held)
    command.executable()
    with StopRequests() as stop:
        return _Cycle(experiment, command, capture(command.cwd), stop).into(store, slot)


Held = tuple[tuple[Metric, ...], tuple[QualityFlag, ...]]
"""Time lost while the launches ran, and what must be known of it."""


class _Cycle:
    """One cycle at work."""

    def __init__(self, experiment: Experiment, command: Command, place: Environment, stop: StopRequests) -> None:
        self._experiment = experiment
        self._command = command
        self._place = place
        self._stop = stop
        self._limits = Limits(timeout_s=experiment.timeout_s)

    def into(self, store: Store, slot: Slot) -> StoredRun:
        """Measure, and seal what was measured."""
        plan = plan_of(self._experiment, self._command)
        with store.draft(plan, self._place, position=slot.position, ulid=slot.ulid) as draft:
            self._measure(draft)
        return draft.seal()

    def _measure(self, draft: Draft) -> None:
        start = take_anchor()
        names = self._experiment.energy or default_sources()
        wanted = Wanted(variables=self._command.environment(), rated_power_w=self._experiment.cpu_rated_power_w)
        with ExitStack() as stack:
            meters = stack.enter_context(Meters(names, wanted))
            before = idle_for(self._experiment.baseline_s, meters)
            launches, held = self._launch_all(draft, meters)
            settle_s = self._experiment.settle_s if meters.metered and self._experiment.baseline_s else 0.0
            time.sleep(settle_s)
            after = idle_for(self._experiment.baseline_s, meters)
        clock = clock_between(start, take_anchor())
        measured = launches[self._first_measured(launches) :]
        found = energies_of(meters, [Timed((one.start_ns, one.end_ns), one.marks) for one in measured], before, after)
        self._keep_series(draft, meters)
        processor = Device(id="cpu:0", kind=DeviceKind.CPU, name=self._place.cpu.model or "unknown processor")
        draft.add(
            devices=[processor, *found.devices],
            energy=found.windows,
            quality=(*found.flags, *held[1], *settling_of([one.wall_s for one in launches], self._experiment.steady)),
            metrics=[
                *times_of(measured),
                *held[0],
                *found.metrics,
                *per_unit(found.metrics, measured, self._experiment.tokens),
            ],
        )
        self._finish(draft, launches, clock)

    def _launch_all(self, draft: Draft, meters: Meters) -> tuple[list[Launched], Held]:
        """Launches in order, of which the first that fails is the last; what held the processors down meanwhile."""
        launches: list[Launched] = []
        holds = Holds()
        while not self._enough(launches):
            if len(launches) == self._experiment.warmup:
                holds = Holds()
            logs = self._logs(draft, len(launches))
            one = launch_once(self._command, logs, self._limits, self._stop, meters)
            self._keep_marks(draft, len(launches), one)
            launches.append(one)
            if launches[-1].status is not Status.COMPLETE:
                break
        first = self._first_measured(launches)
        for number, one in enumerate(launches):
            phase = Phase.WARMUP if number < first else Phase.NONE
            wall_ns = one.end_ns - one.start_ns
            draft.spans.append(step="launch", phase=phase.value, start_ns=one.start_ns, wall_ns=wall_ns, device="cpu:0")
        return launches, holds.since()

    def _enough(self, launches: Sequence[Launched]) -> bool:
        """Whether the last launch was made: a fixed number, or as many as it takes for times to be steady."""
        wanted = self._experiment
        if wanted.steady is None:
            return len(launches) >= wanted.warmup + wanted.repetitions
        if len(launches) < wanted.repetitions + FEWEST:
            return len(launches) >= wanted.steady
        found = steady_state([one.wall_s for one in launches])
        is_steady = found.start is not None and len(launches) - found.start >= wanted.repetitions
        return is_steady or len(launches) >= wanted.steady

    def _first_measured(self, launches: Sequence[Launched]) -> int:
        if self._experiment.steady is None:
            return self._experiment.warmup
        return max(0, len(launches) - self._experiment.repetitions)

    def _logs(self, draft: Draft, number: int) -> list[Path]:
        files = (f"raw/{LAUNCHER}/{number:06d}/{stream}.log" for stream in ("stdout", "stderr"))
        return [draft.artifact(file, collector=LAUNCHER, media_type="text/plain") for file in files]

    def _keep_marks(self, draft: Draft, number: int, one: Launched) -> None:
        if one.marks:
            file = f"raw/{LAUNCHER}/{number:06d}/phases.txt"
            lines = "".join(f"{mark.at_ns} {mark.phase.value}\n" for mark in one.marks)
            draft.artifact(file, collector=LAUNCHER, media_type="text/plain").write_text(lines, encoding="utf-8")

    def _keep_series(self, draft: Draft, meters: Meters) -> None:
        """Every reading of every meter, for those who want to reckon themselves."""
        for one in meters.metered:
            for channel, series in zip(one.channels, one.series, strict=True):
                at_s, _, values = series.arrays()
                if len(values):
                    times_ns = np.round(at_s * 1e9).astype(np.int64).tolist()
                    name = f"{channel.name.replace(':', '_')}_{channel.quantity.value}"
                    names = itertools.repeat(name, len(values))
                    draft.samples.append(
                        time_ns=times_ns, name=list(names), device=one.reader.device.id, value=values.tolist()
                    )

    def _finish(self, draft: Draft, launches: Sequence[Launched], clock: Clock) -> None:
        last = launches[-1]
        failed = last.status is not Status.COMPLETE
        reason = f"launch {len(launches)}: {last.reason}" if failed else ""
        code = last.watched.ended.exit_code
        ended = Outcome(
            exit_code=code if code is not None and code >= 0 else None,
            signal=-code if code is not None and code < 0 else None,
            stdout_bytes=sum(one.outputs[0].size_bytes for one in launches if one.outputs),
            stderr_bytes=sum(one.outputs[1].size_bytes for one in launches if one.outputs),
            note=f"{len(launches)} launches, of which {self._first_measured(launches)} to warm up",
        )
        draft.finish(status=last.status, outcome=ended, clock=clock, reason=reason)


def plan_of(experiment: Experiment, command: Command) -> Plan:
    """What is recorded of the experiment."""
    options = {
        "measure.baseline_s": experiment.baseline_s,
        "measure.settle_s": experiment.settle_s,
        "measure.cycles": float(experiment.cycles),
        "measure.cpu_rated_power_w": experiment.cpu_rated_power_w,
        "measure.steady": None if experiment.steady is None else float(experiment.steady),
        "measure.tokens": None if experiment.tokens is None else float(experiment.tokens),
    }
    given = tuple(Option(name=name, value=value, source="flag") for name, value in options.items() if value is not None)
    planned = plan_command(
        command,
        name=experiment.name,
        workload=experiment.workload,
        collectors=tuple(f"{_ENERGY}:{name}" for name in experiment.energy or default_sources()),
        timeout_s=experiment.timeout_s,
        options=given,
    )
    return msgspec.structs.replace(planned, repetitions=experiment.repetitions, warmup=experiment.warmup)


def _command(experiment: Experiment) -> Command:
    cwd = Path(experiment.cwd) if experiment.cwd else Path.cwd()
    return Command(argv=experiment.command, cwd=cwd, variables=experiment.variables, streams=Streams.RECORDED)
