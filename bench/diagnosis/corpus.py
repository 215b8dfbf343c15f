"""The corpus: what stands in its table, and where the marked lines are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import msgspec
from ruamel.yaml import YAML

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
_MARK = re.compile(r"(#|/\*) cause")
_NOTE = "# the lines of this program were moved\n"


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program of the corpus."""

    program: str
    function: str = ""
    causes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.causes


def cases() -> list[Case]:
    """Every program of the table."""
    data = YAML(typ="safe", pure=True).load(HERE / "corpus.yaml")
    return msgspec.convert(data, list[Case])


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A program made ready to run, in a folder of another name and with its lines moved."""

    argv: tuple[str, ...]
    file: Path
    lines: tuple[int, ...]
    """Marked lines."""


def prepared(case: Case, folder: Path, python: str, *, moved: int) -> Copy:
    """A copy of the program and of what lies beside it, ``moved`` lines further down."""
    source = PROGRAMS / case.program
    place = folder / f"job{moved}" / source.parent.name
    shutil.copytree(source.parent, place, dirs_exist_ok=True)
    if source.parent.name == "sound_waiting":
        shutil.copytree(PROGRAMS / "network", place.parent / "network", dirs_exist_ok=True)
    file = place / source.name
    if source.suffix == ".py":
        text = source.read_text()
        end = text.index('"""', 3) + 4
        file.write_text(text[:end] + _NOTE * moved + text[end:])
    marked = tuple(number for number, line in enumerate(file.read_text().splitlines(), 1) if _MARK.search(line))
    return Copy(argv=_argv(file, python), file=file, lines=marked)


def _argv(file: Path, python: str) -> tuple[str, ...]:
    match file.suffix:
        case ".py":
            return (python, str(file))
        case ".sh":
            return ("bash", str(file))
        case _:
            program = file.with_suffix("")
            subprocess.run(["gcc", "-O1", "-g", "-o", str(program), str(file)], check=True)
            return (str(program),)
