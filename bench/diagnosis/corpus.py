"""The sets of programs: what stands in a set's table, and where the marked lines are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import msgspec
from ruamel.yaml import YAML

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
SETS = {"corpus": PROGRAMS, "held_out": HERE / "held_out"}
"""Folder of each set: programs that the rules were developed on, and those written without sight of the rules."""
_MARK = re.compile(r"(#|/\*) cause")
_NOTE = "# the lines of this program were moved\n"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program of a set."""

    program: str
    module: str = ""
    """Name under which ``python -m`` runs it; empty for a program that is run as a file."""
    marked: str = ""
    """File of the marked lines, if it is not the program itself."""
    function: str = ""
    causes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.causes


def cases(name: str = "corpus") -> list[Case]:
    """Every program of the set's table."""
    data = YAML(typ="safe", pure=True).load(HERE / f"{name}.yaml")
    return msgspec.convert(data, list[Case])


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A program made ready to run, in a folder of another name and with its lines moved."""

    argv: tuple[str, ...]
    folder: Path
    """Where it has to be started."""
    file: Path
    """The file of the marked lines."""
    lines: tuple[int, ...]
    """Marked lines."""


def prepared(case: Case, folder: Path, python: str, *, moved: int, programs: Path = PROGRAMS) -> Copy:
    """A copy of the program and of what lies beside it, ``moved`` lines further down."""
    source = programs / case.program
    place = folder / f"job{moved}" / source.parent.name
    shutil.copytree(source.parent, place, dirs_exist_ok=True)
    if source.parent.name == "sound_waiting":
        shutil.copytree(programs / "network", place.parent / "network", dirs_exist_ok=True)
    file = place / Path(case.marked or case.program).name
    if file.suffix == ".py":
        file.write_text(_moved_down(file.read_text(), moved))
    marked = tuple(number for number, line in enumerate(file.read_text().splitlines(), 1) if _MARK.search(line))
    argv = (python, "-m", case.module) if case.module else _argv(place / source.name, python)
    return Copy(argv=argv, folder=place.parent if case.module else folder, file=file, lines=marked)


def _moved_down(text: str, lines: int) -> str:
    start = text.index('"""') + 3
    end = text.index('"""', start) + 4
    return text[:end] + _NOTE * lines + text[end:]


def _argv(file: Path, python: str) -> tuple[str, ...]:
    match file.suffix:
        case ".py":
            return _by_itself(file, python) if os.access(file, os.X_OK) else (python, str(file))
        case ".sh":
            return ("bash", str(file))
        case _:
            program = file.with_suffix("")
            subprocess.run(["gcc", "-O1", "-g", "-o", str(program), str(file)], check=True)
            return (str(program),)


def _by_itself(file: Path, python: str) -> tuple[str, ...]:
    """A script that is started by its first line, which is made to name the interpreter."""
    _, rest = file.read_text().split("\n", 1)
    file.write_text(f"#!{python}\n{rest}")
    return (str(file),)
