"""Options of ``assay profile``: what each says, and which of them exclude each other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from assay.cli.diagnosis import patterns_option
from assay.cli.gate import fail_on_option
from assay.errors import UsageError
from assay.measure.streams.routes import Sizes, Streams, size_of
from assay.measure.target.command import Command, limit_options, plan_attaching, plan_command
from assay.measure.target.ladder import Limits
from assay.observe.collector import COLLECTORS, WRAPPERS, default_collectors
from assay.record.plan import Option, Plan
from assay.store.tags import check_tag

_SECONDS = click.FloatRange(min=0, min_open=True)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is said about the measurement."""

    name: str
    workload: str
    tag: str | None
    collectors: tuple[str, ...]
    timeout_s: float | None
    duration_s: float | None
    warmup_s: float | None
    pid: int | None
    capture: bool
    live: bool
    leave_running: bool
    passes: int
    folders: tuple[Path, ...]
    fail_on: tuple[str, ...]

    def check(self, argv: tuple[str, ...]) -> None:
        """Refuse what excludes each other, before anything is launched."""
        for what, remedy in self._faults(argv):
            raise UsageError(what, remedy=remedy)
        if self.tag is not None:
            check_tag(self.tag)

    def command(self, argv: tuple[str, ...]) -> Command:
        """The command as it will be launched."""
        echo = (_number(sys.__stdout__), _number(sys.__stderr__))
        if self.capture:
            return Command(argv=argv, streams=Streams.CAPTURED, echo=echo, leave_running=self.leave_running)
        streams = Streams.CAPTURED if self._repeats else Streams.SHARED if self.live else Streams.UNTOUCHED
        if streams is Streams.UNTOUCHED:
            return Command(argv=argv, streams=streams, leave_running=self.leave_running)
        return Command(
            argv=argv, streams=streams, echo=echo, terminals=_terminals(echo), leave_running=self.leave_running
        )

    @property
    def _repeats(self) -> bool:
        """Whether the command is run again, so that what it writes has to be compared."""
        return self.passes > 1 or any(name in WRAPPERS.names() for name in self.collectors)

    def plan(self, command: Command) -> Plan:
        """The plan for launching the command."""
        return plan_command(
            command,
            name=self.name,
            workload=self.workload,
            collectors=(*(self.collectors or default_collectors()), *(_counting() if self.passes > 1 else ())),
            timeout_s=self.timeout_s,
            options=self._options(),
        )

    def plan_attaching(self, pid: int) -> Plan:
        """The plan for observing that process."""
        return plan_attaching(
            pid, name=self.name, workload=self.workload, collectors=self.collectors, options=self._options()
        )

    def _options(self) -> tuple[Option, ...]:
        switches = {"profile.capture": self.capture, "profile.leave_running": self.leave_running}
        set_ones = tuple(Option(name=name, value=True, source="flag") for name, is_set in switches.items() if is_set)
        limits = Limits(duration_s=self.duration_s, warmup_s=self.warmup_s or 0.0)
        return (*limit_options(limits), *set_ones)

    def _doubled(self) -> Iterator[tuple[str, str]]:
        """Collectors that were chosen together and write the same tables."""
        for name in sorted({*self.collectors} & {*COLLECTORS.names()}):
            for other in COLLECTORS.load(name).description.instead_of:
                if other in self.collectors:
                    yield f"the collectors {name!r} and {other!r} write the same tables", "choose one of them"

    def _faults(self, argv: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        if self.pid is None and not argv:
            yield "there is no command to measure", "give one after `--`, or a running process with --attach"
        if self.pid is not None:
            if argv:
                yield "--attach observes a process that runs already; it launches nothing", "leave the command out"
            launching = {
                "--timeout": self.timeout_s,
                "--capture": self.capture,
                "--leave-running": self.leave_running,
                "--passes 2": self.passes > 1,
            }
            for option in (name for name, given in launching.items() if given):
                yield f"{option} is about a command that is launched", "limit --attach by --duration or Ctrl-C"
        yield from self._doubled()
        if self.duration_s is not None and self.warmup_s is not None and self.warmup_s >= self.duration_s:
            yield "nothing would be observed after the warm-up", "give a --duration longer than --warmup"


def _counting() -> tuple[str, ...]:
    """What counts in further passes: calls of functions, and system calls where the first pass may not count them."""
    return ("cprofile",) if COLLECTORS.load("syscalls").obstacle() is None else ("cprofile", "strace")


def _number(stream: TextIO | None) -> int | None:
    """The descriptor behind a stream of ours; one that was closed beforehand has none."""
    return None if stream is None else stream.fileno()


def _terminals(streams: tuple[int | None, int | None]) -> Sizes:
    """The sizes of the terminals behind our streams; output to another terminal than ours stays as it is."""
    output, error = streams
    sizes = size_of(output), size_of(error)
    if None in sizes or os.ttyname(output or 1) == os.ttyname(error or 2):
        return sizes
    return (None, sizes[1])


OPTIONS = (
    click.option("--name", default="", metavar="TEXT", help="Name of the target in lists; by default the program's."),
    click.option("--workload", default="", metavar="TEXT", help="Name of what it is asked to do."),
    click.option("--tag", metavar="NAME", help="Name by which the run can be called."),
    click.option("--collector", "collectors", multiple=True, metavar="NAME", help="Attach this one; may be repeated."),
    click.option("--timeout", "timeout_s", type=_SECONDS, metavar="S", help="End it after this long; then it failed."),
    click.option("--duration", "duration_s", type=_SECONDS, metavar="S", help="Enough was seen after this long."),
    click.option("--warmup", "warmup_s", type=_SECONDS, metavar="S", help="What comes before is not analysed."),
    click.option("--attach", "pid", type=click.IntRange(min=1), metavar="PID", help="Observe a running process."),
    click.option("--capture", is_flag=True, help="Keep its output too; it then writes to pipes, not to the terminal."),
    click.option("--live", is_flag=True, help="Show what it does meanwhile, below its output, where you can see it."),
    click.option("--leave-running", is_flag=True, help="Let what outlives the target go on."),
    click.option(
        "--passes",
        type=click.IntRange(1, 2),
        default=1,
        show_default=True,
        help="2: run the command again to count calls, under cProfile if it is Python, and under strace where system "
        "calls can't be counted otherwise; only for one that may be repeated. Its output is compared.",
    ),
    patterns_option,
    fail_on_option,
)
