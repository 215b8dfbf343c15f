"""Stacks of every Python process of a tree, by the best way to each, in one pair of tables."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from assay.observe.collector import Ended, Observation, Sink
from assay.observe.stacks.interpreter import Interpreter, Unknown, find_interpreter
from assay.observe.stacks.sampler import StackSampler, core_obstacle
from assay.observe.stacks.spy import Spy, spy_program
from assay.observe.stacks.tables import StackTables
from assay.record.diagnosis.life import Life
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag

PERIOD_NS = 10_000_000
_TAKEN_EVERY_NS = 500_000_000
_PATIENCE_NS = 1_000_000_000
"""How long a process may take from being a Python to having an interpreter that can be found."""
_MOST_DOUBTED = 64
"""Processes that are looked at again and again, for a while, for whether they are a Python."""
_MOST_AT_ONCE = 16
"""Of these, so many in one look: a look that takes long keeps the launcher from its other work."""
_MOST_RAW_BYTES = 64 << 20
_MOST_SPIES = 32
"""Processes that py-spy looks at; each costs a process more."""
_DOUBTFUL_SHARE = 0.01
"""Share of stacks that were lost from which a reader must know."""


class _Awaited(NamedTuple):
    """A process whose interpreter was not found yet."""

    until_ns: int
    is_python: bool
    """Whether it is known to be one: its libraries are mapped a moment after its program has begun."""


class StacksObserver:
    """Reads the interpreters that are known itself, if it may, and leaves the others to py-spy."""

    def __init__(self, name: str, sink: Sink, sampler: StackSampler | None) -> None:
        self._name, self._sink, self._sampler = name, sink, sampler
        self._tables = StackTables(sink)
        self._waiting: dict[int, _Awaited] = {}
        self._spies: dict[int, Spy] = {}
        self._unread: dict[int, str] = {}
        self._taken_ns = 0
        self._left_raw_bytes = _MOST_RAW_BYTES

    def seen(self, life: Life) -> None:
        """Begin with a process that is a Python or may yet become one, end with one that is gone."""
        self._waiting.pop(life.pid, None)
        if self._sampler is not None:
            self._sampler.forget(life.pid)
        if life.event != "gone" and (life.python is not None or len(self._waiting) < _MOST_DOUBTED):
            self._waiting[life.pid] = _Awaited(life.time_ns + _PATIENCE_NS, life.python is not None)
            if life.python is not None:
                self._begin(life.pid, life.time_ns)

    def look(self, now_ns: int) -> None:
        """Try again what was too early, and take what was read."""
        for pid in list(self._waiting)[:_MOST_AT_ONCE]:
            awaited = self._waiting.pop(pid)
            self._waiting[pid] = awaited  # the last in turn for the next look
            self._begin(pid, now_ns)
        for spy in self._spies.values():
            spy.look(now_ns)
        if self._sampler is not None and now_ns - self._taken_ns >= _TAKEN_EVERY_NS:
            self._taken_ns = now_ns
            self._tables.add(self._sampler.take)
            self._watch_again(self._sampler)

    def finish(self, _ended: Ended) -> Observation:
        """What was lost on the way; the stacks themselves are in the tables."""
        for spy in self._spies.values():
            spy.end()
        for pid, spy in self._spies.items():
            spy.wait()
            if spy.complaint:
                self._unread[pid] = f"py-spy: {spy.complaint}"
        flags: list[QualityFlag] = []
        if self._sampler is not None:
            self._tables.add(self._sampler.take)
            self._sampler.close()
            flags += _loss_flags(self._sampler)
        return Observation(quality=(*flags, *self._unread_flags()))

    def _begin(self, pid: int, now_ns: int) -> None:
        awaited = self._waiting[pid]
        found = find_interpreter(pid) if self._sampler is None else self._sampler.watch(pid)
        is_over = now_ns >= awaited.until_ns
        if is_over or isinstance(found, Interpreter):
            del self._waiting[pid]
        if isinstance(found, Unknown) and is_over and awaited.is_python:
            self._leave_to_spy(pid, f"{found.reason}; ")
        elif isinstance(found, Interpreter) and self._sampler is None:
            self._leave_to_spy(pid, "")

    def _watch_again(self, sampler: StackSampler) -> None:
        """A process without any row may have started its program anew before anyone noticed."""
        for pid in sampler.silent():
            sampler.watch(pid)

    def _leave_to_spy(self, pid: int, reason: str) -> None:
        program = spy_program()
        if program is None:
            self._unread[pid] = f"{reason}py-spy is not installed"
        elif len(self._spies) >= _MOST_SPIES:
            self._unread[pid] = f"{reason}py-spy already looks at {_MOST_SPIES} processes"
        elif pid not in self._spies:
            self._spies[pid] = Spy(program, pid, self._tables, self._keep)

    def _keep(self, file: Path) -> None:
        """Keep a raw file of py-spy, as long as there is room."""
        size = file.stat().st_size
        if size <= self._left_raw_bytes:
            self._left_raw_bytes -= size
            name = f"raw/{self._name}/{file.name}"
            self._sink.artifact(name, collector=self._name, media_type="application/json").write_bytes(
                file.read_bytes()
            )

    def _unread_flags(self) -> tuple[QualityFlag, ...]:
        if not self._unread:
            return ()
        reason = next(iter(self._unread.values()))
        message = f"The stacks of {len(self._unread)} Python process(es) could not be read: {reason}."
        return (QualityFlag(id="stacks_unread", severity=Severity.WARNING, message=message),)


def _loss_flags(sampler: StackSampler) -> tuple[QualityFlag, ...]:
    """What a reader must know where stacks were torn, cut or dropped in numbers."""
    counts = sampler.counts
    lost = counts.torn + counts.dropped
    share = (lost + counts.cut) / max(1, counts.rows + lost)
    if share < _DOUBTFUL_SHARE:
        return ()
    message = f"{share:.1%} of all stacks could not be read whole: they changed meanwhile, or were too deep."
    evidence = Evidence(name="share of stacks not read whole", value=share, unit="1")
    return (QualityFlag(id="stacks_torn", severity=Severity.INFO, message=message, evidence=(evidence,)),)


def reading_obstacle() -> str | None:
    """Why neither way to a Python's stacks is open; None where one is."""
    core = core_obstacle()
    if core is None or spy_program() is not None:
        return None
    return f"{core}, or install py-spy"
