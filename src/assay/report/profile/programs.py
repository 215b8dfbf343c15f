"""Which program a process ran, in a word."""

from __future__ import annotations

from pathlib import PurePath

from assay.analyze.evidence.gather import Evidence


def program_names(evidence: Evidence) -> dict[int, str]:
    """The last program of each process, by the name of its file."""
    names: dict[int, str] = {}
    for life in evidence.lives:
        if life.executable:
            names[life.pid] = PurePath(life.executable).name or life.executable
        elif life.name and life.pid not in names:
            names[life.pid] = life.name
    return names


def program_name(names: dict[int, str], pid: int) -> str:
    """The name of a process' program, or its number."""
    return names.get(pid, f"process {pid}")
