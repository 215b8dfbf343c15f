"""All evidence of one run, loaded and joined, and the reason for whatever is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.clocks import Thread, ThreadClocks, thread_clocks
from assay.analyze.evidence.critical import wall_clocks
from assay.analyze.evidence.frames import FrameTree
from assay.analyze.evidence.lines import Samples, samples_with_clocks
from assay.analyze.evidence.native import NativeSamples, native_samples
from assay.analyze.evidence.series import Line, series_of
from assay.analyze.evidence.sources import Sources, load_sources
from assay.analyze.evidence.tables import Table, load_table
from assay.analyze.evidence.waits import INDEX
from assay.errors import RecordError
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import FILES, LIFE_FILE
from assay.record.enums import SeriesKind
from assay.store import StoredRun

Floats = NDArray[np.float64]

KINDS: dict[str, str] = {
    "stacks": "stacks of Python threads (collector stacks)",
    "threads": "what each thread waited for (collector process)",
    "processes": "memory, faults and traffic of processes (collector process)",
    "machine": "pressure and throttling of the machine (collector machine)",
    "native": "native functions on the processor (collector perf)",
    "calls": "counts of system calls (collector syscalls)",
    "functions": "call counts of functions (pass B, cprofile)",
    "sources": "the hot source files (kept by profile)",
}
"""Kinds of evidence that rules may need, and what provides each."""

_PROVIDERS: dict[str, tuple[str, ...]] = {
    "stacks": ("stacks", "sources"),
    "perf": ("native",),
    "syscalls": ("calls",),
    "cprofile": ("functions",),
    "process": ("threads", "processes"),
    "machine": ("machine",),
}
"""Kinds of evidence that each collector gives."""
_GOOD_PART = 0.15
_LIFE_LINES = 200_000
_LIFE_BYTES = 64 << 20


class Evidence(msgspec.Struct, kw_only=True, dict=True):
    """The raw data of a run in the form in which rules look at it."""

    start_ns: int
    end_ns: int
    root: Thread
    cores: int
    tables: Mapping[str, Table]
    lives: tuple[Life, ...] = ()
    sources: Sources = Sources({})
    reasons: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def wall_s(self) -> float:
        """Wall time of the run."""
        return (self.end_ns - self.start_ns) / 1e9

    def has(self, kind: str) -> bool:
        """Whether there is evidence of that kind, however little."""
        return bool(self.sources.files) if kind == "sources" else len(self.tables.get(kind, ())) > 0

    def reason(self, kind: str) -> str:
        """Why there is none."""
        return self.reasons.get(kind, f"the run has no {KINDS[kind]}")

    @cached_property
    def clocks(self) -> dict[Thread, ThreadClocks]:
        """Clocks of every thread."""
        return thread_clocks(self.tables.get("threads"))

    @cached_property
    def wall(self) -> Floats:
        """Wall time per clock; adds up to ``wall_s``."""
        return wall_clocks(self.clocks, self.root, self.start_ns, self.end_ns)

    def wall_share(self, clock: Clock) -> float:
        """Share of the wall time by clock. Waiting for a processor, and time that nobody saw, are left out.

        Others cause them, and a cause's share must not depend on how busy the machine was; only they themselves are
        shares of the whole.
        """
        aside = (Clock.RUN_QUEUE, Clock.UNKNOWN)
        whole = self.wall_s if clock in aside else self.wall_s - sum(float(self.wall[INDEX[one]]) for one in aside)
        return float(self.wall[INDEX[clock]]) / whole if whole > 0 else 0.0

    @cached_property
    def frames(self) -> FrameTree | None:
        """The tree of frames."""
        frames = self.tables.get("frames")
        return FrameTree(frames) if frames is not None and len(frames) else None

    @cached_property
    def samples(self) -> Samples | None:
        """Stack samples with their time by clock."""
        if self.frames is None or "stacks" not in self.tables:
            return None
        return samples_with_clocks(self.tables["stacks"], self.clocks)

    def deciding(self, clock: Clock) -> NDArray[np.float64]:
        """For each stack sample, the time of that clock that counts towards the run.

        Of processor time, and of waiting for other threads or processes, all does. Of waiting for the world outside,
        where the main thread waits so for a good part of the run, only its own: the others hold nobody up.
        """
        samples = self.samples
        if samples is None:
            return np.zeros(0)
        seconds = samples.seconds[:, INDEX[clock]].astype(np.float64)
        if clock not in (Clock.SLEEP, Clock.NETWORK, Clock.DISK):
            return seconds
        main = (samples.pid == self.root[0]) & (samples.tid == self.root[1])
        return np.where(main, seconds, 0.0) if seconds[main].sum() > _GOOD_PART * self.wall_s else seconds

    @cached_property
    def native(self) -> NativeSamples | None:
        """Native samples on their Python stacks."""
        return native_samples(self.tables.get("native"), self.samples)

    @cached_property
    def series(self) -> dict[str, Line]:
        """Numbers over time."""
        return series_of(self.tables.get("processes"), self.tables.get("machine"))


def gather(run: StoredRun) -> Evidence:
    """Everything that was kept of a run."""
    start_ns, end_ns = _bounds(run)
    tables = {kind: _since(start_ns, table) for kind in FILES if (table := load_table(run, kind)) is not None}
    lives = _lives(run)
    root = lives[0].pid if lives else _first_pid(tables)
    return Evidence(
        start_ns=start_ns,
        end_ns=end_ns,
        root=(root, root),
        cores=_cores(run),
        tables=tables,
        lives=lives,
        sources=load_sources(run),
        reasons=_reasons(run),
    )


def _bounds(run: StoredRun) -> tuple[int, int]:
    """Start and end of what is judged: the target's span without its warm-up, or the clock of a run without spans."""
    if not any(series.kind is SeriesKind.SPANS for series in run.record.series):
        return run.record.clock.start_ns, run.record.clock.end_ns
    whole, warmup = _span(run, "run"), _span(run, "warmup")
    start_ns, end_ns = whole or (run.record.clock.start_ns, run.record.clock.end_ns)
    return (warmup[1] if warmup else start_ns), end_ns


def _span(run: StoredRun, step: str) -> tuple[int, int] | None:
    spans = run.spans(["start_ns", "wall_ns"], step=step)
    if spans.num_rows != 1:
        return None
    start_ns = int(spans["start_ns"][0].as_py())
    return start_ns, start_ns + int(spans["wall_ns"][0].as_py())


def _since(start_ns: int, table: Table) -> Table:
    """What was seen after the warm-up."""
    if "time_ns" not in table.columns or not len(table):
        return table
    early = np.asarray(table["time_ns"] < start_ns)
    return table.only(~early) if early.any() else table


def _first_pid(tables: Mapping[str, Table]) -> int:
    for kind in ("processes", "threads", "stacks", "native"):
        if kind in tables and len(tables[kind]):
            return int(tables[kind]["pid"][0])
    return 0


def _lives(run: StoredRun) -> tuple[Life, ...]:
    if LIFE_FILE not in {artifact.file for artifact in run.record.artifacts}:
        return ()
    path = run.file(LIFE_FILE)
    with path.open("rb") as file:
        lines = file.read(_LIFE_BYTES).splitlines()[:_LIFE_LINES]
    try:
        return tuple(msgspec.json.decode(line, type=Life) for line in lines if line.strip())
    except msgspec.ValidationError as error:
        raise RecordError(f"a line can't be read: {error}"[:300], where=str(path), remedy="remove the run") from None
    except msgspec.DecodeError:
        return tuple(_whole_lines(lines))


def _whole_lines(lines: list[bytes]) -> list[Life]:
    """Lines up to the one that a killed writer left half done."""
    found: list[Life] = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Life))
        except msgspec.DecodeError:
            break
    return found


def _cores(run: StoredRun) -> int:
    cpu = run.record.environment.cpu
    quota = run.record.environment.container.cpu_quota_cores
    usable = len(cpu.affinity) if cpu.affinity else cpu.logical_cpus or 1
    return max(1, min(usable, math.ceil(quota) if quota else usable))


def _reasons(run: StoredRun) -> dict[str, str]:
    """Why collectors were not there, by the kind of evidence they would have given."""
    flags = {flag.id: flag.message for flag in run.record.quality}
    return {
        kind: flags[f"not_attached_{collector}"]
        for collector, kinds in _PROVIDERS.items()
        for kind in kinds
        if f"not_attached_{collector}" in flags
    }
