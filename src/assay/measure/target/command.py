"""A command as it will be launched, and the plan that is recorded for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec import field

from assay.errors import PlanError
from assay.observe.collector import default_collectors
from assay.observe.environment.masking import mask_argv, mask_text, mask_variables
from assay.record.base import Record
from assay.record.enums import Backend, TargetKind
from assay.record.environment import Variable
from assay.record.plan import Plan, Target, Workload


class Command(Record, kw_only=True):
    """What is launched: the words as they are, secrets included, which is why this is never written to disk."""

    argv: tuple[str, ...]
    """Program and arguments; no shell sees them."""
    cwd: Path = field(default_factory=Path.cwd)
    """Working folder."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables set for the target, beside the inherited ones."""
    pass_through: bool = False
    """Whether the target keeps the caller's input and output untouched, which then are not recorded."""
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
    also: tuple[str, ...] = (),
    timeout_s: float | None = None,
) -> Plan:
    """The plan for one launch, with secrets masked; collectors are the default ones where none is given."""
    masked = mask_variables(command.variables)
    target = Target(
        kind=TargetKind.COMMAND,
        name=mask_text(name or Path(command.argv[0]).name if command.argv else "command"),
        backend=Backend.COMMAND,
        argv=tuple(mask_argv(command.argv)),
        cwd=mask_text(str(command.cwd)),
        variables=tuple(Variable(name=key, value=masked[key]) for key in sorted(masked)),
    )
    return Plan(
        target=target,
        workload=Workload(name=workload or target.name),
        collectors=tuple(sorted({*(collectors or default_collectors()), *also})),
        timeout_s=timeout_s,
    )
