"""Runs of real commands in a store of their own, for tests of measuring."""

from __future__ import annotations

import sys
from pathlib import Path

from assay.measure import Command, plan_command, run_command
from assay.store import StoredRun, open_store
from tests.makers import make_environment


def python(code: str, *arguments: str) -> tuple[str, ...]:
    """The words that run some Python."""
    return (sys.executable, "-I", "-S", "-c", code, *arguments)


def launch(
    tmp_path: Path, argv: tuple[str, ...], *, timeout_s: float | None = None, collectors: tuple[str, ...] = ()
) -> StoredRun:
    """One run of the command in ``tmp_path``, sealed."""
    command = Command(argv=argv, cwd=tmp_path)
    plan = plan_command(command, timeout_s=timeout_s, collectors=collectors)
    return run_command(plan, open_store(tmp_path / "store"), command=command, environment=make_environment())
