"""What a collector is: a pure observer of one process tree, which says beforehand what it costs.

A run in six steps: every collector is attached by process id while the target is held at its gate, forked but not yet
its program; the gate opens; observers look at their intervals; those that ask for it are told of every process of the
tree as it comes, changes its program and goes; the target ends; observers finish, in the order in which they began.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple, Protocol, runtime_checkable

import msgspec
from msgspec import Meta, field

from assay.plugins import Folder
from assay.record.base import Name, Record
from assay.record.diagnosis.life import Life
from assay.record.rows import Metric, QualityFlag

COLLECTORS = Folder("assay.observe.collectors")
WRAPPERS = Folder("assay.observe.wrappers")


class Nature(StrEnum):
    """Where a collector sits, seen from the target."""

    EXTERNAL = "external"
    WRAPPER = "wrapper"
    IN_PROCESS = "in_process"


class Description(Record, kw_only=True):
    """What a collector says about itself before it is attached."""

    name: Name
    """Its name, which is its file's."""
    nature: Nature
    """Whether it looks from outside, starts the target through another program, or runs inside it."""
    summary: Name
    """What it gives, in one sentence."""
    cost: Name
    """What its presence costs the target."""
    metrics: tuple[Name, ...] = ()
    """Registered metrics it can give."""
    interval_s: Annotated[float, Meta(gt=0.0)] | None = None
    """Time between two looks at the running target; null where it looks only at the start and the end."""
    rank: int = 50
    """Where two collectors give the same metric, the value of the lower rank is kept."""
    default: bool = True
    """Whether it is attached when nothing else is asked for."""
    instead_of: tuple[Name, ...] = ()
    """Collectors that write the same tables: where it is attached they are not."""
    diagnosis: bool = False
    """Whether it looks for causes: it is then left out where runs are only timed and compared."""


class Started(Record, kw_only=True):
    """The target as collectors meet it: held at its gate, the program it will be not yet loaded."""

    pid: int
    """Its process id, which is also the id of its process group."""
    launcher_peak_rss_bytes: int
    """Most memory the process that started it had held: the kernel counts it into the target's own peak."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """The target's end as the launcher's own wait saw it, and when it began."""

    start_ns: int
    """Monotonic time at which the gate was open and the target became its program; what a collector saw before is
    no part of the run."""
    end_ns: int
    """Monotonic time when the kernel reported the end."""
    wait_status: int | None
    """Status word of ``wait4``; null where the target was not ours to wait for."""
    usage: resource.struct_rusage | None
    """Resources of the target and of every descendant it had waited for; null with the status."""

    @property
    def exit_code(self) -> int | None:
        """Exit status, or minus the signal that ended it; null where that is not known."""
        return None if self.wait_status is None else os.waitstatus_to_exitcode(self.wait_status)


class Observation(Record, kw_only=True):
    """What one collector saw."""

    metrics: tuple[Metric, ...] = ()
    """Numbers with their origin; what could not be had is there too, with the reason."""
    quality: tuple[QualityFlag, ...] = ()
    """What a reader must know about the measurement."""


class SampleSink(Protocol):
    """Takes time series."""

    def append(self, *, time_ns: Sequence[int], name: Sequence[str], device: str, value: Sequence[float]) -> None:
        """Keep samples, one per place of the three sequences; names end in the unit."""


class Table(Protocol):
    """Takes rows of one raw table; any thread may append."""

    def append(self, *row: object) -> None:
        """Keep one row: a value for every column of the table, in order, null where it was not readable."""

    def extend(self, rows: Iterable[Sequence[object]], /) -> None:
        """Keep several rows at once."""


class Sink(Protocol):
    """The part of a draft that collectors write to."""

    @property
    def samples(self) -> SampleSink:
        """Time series of the run."""

    def artifact(self, file: str, *, collector: str, media_type: str) -> Path:
        """The path of a raw file to write, listed in the record."""

    def table(self, kind: str, /) -> Table:
        """The one writer of a kind of ``record.diagnosis.raw.FILES``.

        Its rows are on disk within about a second, and there is a file once there is a row.
        """


class Observer(Protocol):
    """A collector at work on one target."""

    def look(self, now_ns: int, /) -> int | None:
        """Take one sample of the running target, from the launching thread.

        It is called every ``interval_s``, or as many nanoseconds later as it returned.
        """

    def finish(self, ended: Ended, /) -> Observation:
        """Say what was seen; called exactly once, after the target was waited for."""


@runtime_checkable
class SeesLives(Protocol):
    """An observer that is told of the processes of the tree, for tools that attach once their program is known."""

    def seen(self, life: Life, /) -> None:
        """Hear what happened to a process; called from the launching thread, soon after, never before the gate."""


class Collector(Protocol):
    """A plug-in of ``observe/collectors``: describes itself, says why it can't run here, and attaches."""

    description: Description

    def obstacle(self) -> str | None:
        """Why it can't run on this machine and what would change that; None where it can."""

    def attach(self, started: Started, sink: Sink, /) -> Observer:
        """Begin to observe; the target waits meanwhile, so what takes long costs no accuracy, only patience."""


class Unsuited(NamedTuple):
    """A command that a wrapper can't start, or did not learn anything from."""

    reason: str
    """Why, in a few words."""


class FirstPass(Record, kw_only=True):
    """What is known of a command once it has run without any wrapper."""

    argv: tuple[str, ...]
    """Its words."""
    executable: Path
    """Its program."""
    start_ns: int = 0
    """When it began, in monotonic time."""
    end_ns: int = 0
    """When it had ended."""
    files: tuple[str, ...] = ()
    """Python source files that were seen on its stacks."""


class Rewritten(Record, kw_only=True):
    """A command as a wrapper starts it."""

    argv: tuple[str, ...]
    """Its words."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables set besides."""


class Wrapper(Protocol):
    """A plug-in of ``observe/wrappers``: a collector that needs a run of its own: the command is repeated under it.

    Nothing of that run but what the wrapper wrote is kept, and only if it ended and wrote as the first one did. Its
    times are never used, since wrappers distort them.
    """

    description: Description

    def obstacle(self) -> str | None:
        """Why it can't run on this machine and what would change that; None where it can."""

    def wrap(self, first: FirstPass, folder: Path, /) -> Rewritten | Unsuited:
        """The command under the wrapper, which may write into the folder."""

    def keep(self, folder: Path, sink: Sink, /) -> Unsuited | None:
        """Keep what it wrote there, beside the command's own ``stderr.log``; or why there is nothing to keep."""


def default_collectors(*, diagnosis: bool = True) -> tuple[str, ...]:
    """Names of the collectors that are attached when nothing else is asked for, sorted."""
    plugins: dict[str, Collector] = COLLECTORS.load_all()
    described = [plugin.description for _, plugin in sorted(plugins.items())]
    return tuple(one.name for one in described if one.default and (diagnosis or not one.diagnosis))
