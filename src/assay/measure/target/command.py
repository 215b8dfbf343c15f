"""A command as it will be launched, and the plan that is recorded for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec import field

from assay.errors import PlanError
from assay.measure.streams.routes import Sizes, Streams
from assay.measure.target.ladder import Limits
from assay.observe.collector import default_collectors
from assay.observe.environment.masking import mask_argv, mask_text, mask_variables
from assay.observe.tree.proc import words_of
from assay.record.base import Record, one_line
from assay.record.enums import Backend, TargetKind
from assay.record.environment import Variable
from assay.record.plan import Option, Plan, Target, Workload

DURATION, WARMUP, PID = "profile.duration_s", "profile.warmup_s", "profile.pid"
"""Names of options in the plan."""


class Command(Record, kw_only=True):
    """What is launched: the words as they are, secrets included, which is why this is never written to disk."""

    argv: tuple[str, ...]
    """Program and arguments; no shell sees them."""
    cwd: Path = field(default_factory=Path.cwd)
    """Working folder."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables set for the target, beside the inherited ones."""
    streams: Streams = Streams.RECORDED
    """What becomes of its standard input and output."""
    echo: tuple[int | None, int | None] = (None, None)
    """Descriptors to which output and error that pass through us go on; null where nobody is there to read them."""
    terminals: Sizes = (None, None)
    """Which of output and error are terminals to the target, where they pass through us."""
    held: tuple[int, ...] = ()
    """Descriptors that the target and whatever it starts inherit, such as a lock that lasts as long as they do."""
    leave_running: bool = False
    """Whether processes that outlive the target go on, instead of being ended with it."""

    def environment(self) -> dict[str, str]:
        """All variables that the target sees."""
        return {**os.environ, **self.variables}

    def executable(self) -> str:
        """The path of the program, found as ``execvp`` would find it."""
        if not self.argv or not self.argv[0]:
            raise PlanError("there is no command to measure", remedy="give one after `--`")
        if not self.cwd.is_dir():
            raise PlanError("the working folder does not exist", where=str(self.cwd), remedy="create it")
        name = self.argv[0]
        found = str(self.cwd / name) if "/" in name else self._on_path(name)
        if not os.access(found, os.X_OK) or Path(found).is_dir():
            there = "can't be executed" if Path(found).exists() and found else "was not found"
            raise PlanError(f"the program {there}", where=name, remedy="check its path and permissions")
        return found

    def _on_path(self, name: str) -> str:
        return shutil.which(name, path=self.environment().get("PATH")) or ""


def plan_command(
    command: Command,
    *,
    name: str = "",
    workload: str = "",
    collectors: tuple[str, ...] = (),
    timeout_s: float | None = None,
    options: tuple[Option, ...] = (),
) -> Plan:
    """The plan for one launch, with secrets masked; collectors are the default ones where none is given."""
    masked = mask_variables(command.variables)
    target = Target(
        kind=TargetKind.COMMAND,
        name=one_line(mask_text(name or Path(command.argv[0]).name if command.argv else "command")),
        backend=Backend.COMMAND,
        argv=tuple(mask_argv(command.argv)),
        cwd=mask_text(str(command.cwd)),
        variables=tuple(Variable(name=key, value=masked[key]) for key in sorted(masked)),
    )
    return Plan(
        target=target,
        workload=Workload(name=one_line(workload) if workload else target.name),
        collectors=tuple(sorted(collectors or default_collectors())),
        timeout_s=timeout_s,
        options=tuple(sorted(options, key=lambda option: option.name)),
    )


def plan_attaching(
    pid: int, *, name: str = "", workload: str = "", collectors: tuple[str, ...] = (), options: tuple[Option, ...] = ()
) -> Plan:
    """The plan for observing a process that runs already."""
    words = words_of(pid) or ()
    shown = name or Path(words[0]).name if words and words[0] else name or f"process {pid}"
    target = Target(
        kind=TargetKind.ATTACHED,
        name=one_line(mask_text(shown)),
        backend=Backend.COMMAND,
        argv=tuple(mask_argv(words)),
    )
    return Plan(
        target=target,
        workload=Workload(name=one_line(workload) if workload else target.name),
        collectors=tuple(sorted(collectors or default_collectors())),
        options=tuple(sorted((*options, Option(name=PID, value=float(pid), source="flag")), key=lambda one: one.name)),
    )


def limit_options(limits: Limits) -> tuple[Option, ...]:
    """The limits that a plan has no field of its own for, as options; those that were not given are left out."""
    given = {DURATION: limits.duration_s, WARMUP: limits.warmup_s or None}
    return tuple(Option(name=name, value=value, source="flag") for name, value in given.items() if value is not None)


def limits_of(plan: Plan) -> Limits:
    """How long the plan's target may take."""
    given = {option.name: float(option.value) for option in plan.options if isinstance(option.value, float | int)}
    return Limits(timeout_s=plan.timeout_s, duration_s=given.get(DURATION), warmup_s=given.get(WARMUP, 0.0))
