"""The bundled demonstration: a job with a planted, classic problem, and the same job repaired."""

from __future__ import annotations

import difflib
import sys
from importlib import resources
from pathlib import Path

from assay.measure.interleave import Side
from assay.measure.target.command import Command, plan_command
from assay.observe.collector import default_collectors

SIDES = {"A": "before", "B": "after"}
"""The sides as the record names them, and as people do."""
TIMEOUT_S = 60.0
"""For one run; it takes less than a second on any machine of these years."""


def demo_sides() -> dict[str, Side]:
    """Both sides of the demonstration."""
    return {side: _side(name) for side, name in SIDES.items()}


def repair() -> str:
    """The lines in which the two programs differ."""
    files = [program_file(name) for name in SIDES.values()]
    before, after = (file.read_text(encoding="utf-8").splitlines() for file in files)
    lines = difflib.unified_diff(before, after, fromfile=files[0].name, tofile=files[1].name, lineterm="", n=1)
    return "\n".join(lines)


def program_file(name: str) -> Path:
    """The program of one side."""
    return Path(str(resources.files("assay.measure.programs"))) / f"ingest_{name}.py"


def _side(name: str) -> Side:
    file = program_file(name)
    # -I: neither the user's site packages nor variables like PYTHONPATH change what is measured
    command = Command(argv=(sys.executable, "-I", str(file)))
    plan = plan_command(
        command,
        name=file.name,
        workload="demo: one night of sensor events",
        # many short runs that are compared: what looks for causes would only take time here
        collectors=default_collectors(diagnosis=False),
        timeout_s=TIMEOUT_S,
    )
    return Side(command=command, plan=plan)
