"""A Python command rewritten so that its own interpreter counts calls: ``-m cProfile -o FILE`` in the right place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from assay.observe.collector import Unsuited

_PYTHON = re.compile(r"python(\d+(\.\d+)?)?t?")
_WITH_VALUE = frozenset("WX")
"""Options of the interpreter that take a value, in the same word or the next."""
_FLAGS = frozenset("bBdEIOPqRsSuvx")
_LONG_WITH_VALUE = "--check-hash-based-pycs"
_ARCHIVES = frozenset({".zip", ".pyz", ".pyzw"})
_SHEBANG_BYTES = 256
_CODE = (
    "import sys, cProfile; file, code = sys.argv[1:3]; del sys.argv[1:3]; profile = cProfile.Profile()\n"
    "try: profile.runctx(compile(code, '<string>', 'exec'), globals(), globals())\n"
    "finally: profile.dump_stats(file)"
)
"""Stands for the text of ``-c``, which cProfile can't take, and then runs it."""
_SPAWNING = ("multiprocessing/", "concurrent/futures/process.py")


class PythonCommand(NamedTuple):
    """A Python command in its parts."""

    interpreter: tuple[str, ...]
    """The interpreter and its own options."""
    kind: str
    """``m``, ``c``, or empty for a script."""
    subject: str
    """Module, code or script."""
    arguments: tuple[str, ...]


def wrapped(argv: Sequence[str], executable: Path, profile: Path) -> tuple[str, ...] | Unsuited:
    """The words of a command that does the same and leaves its counts in a file; ``executable`` is its program."""
    parts = python_command(argv, executable)
    if isinstance(parts, Unsuited):
        return parts
    interpreter, kind, subject, arguments = parts
    if kind == "c":
        return (*interpreter, "-c", _CODE, str(profile), subject, *arguments)
    if kind == "m":
        return (*interpreter, "-m", "cProfile", "-o", str(profile), "-m", subject, *arguments)
    return (*interpreter, "-m", "cProfile", "-o", str(profile), subject, *arguments)


def python_command(argv: Sequence[str], executable: Path) -> PythonCommand | Unsuited:
    """The parts of a command that a Python interpreter runs, by its name or by the script's first line."""
    parts = _split(argv) if _PYTHON.fullmatch(Path(argv[0]).name) else _script_with_shebang(argv, executable)
    if isinstance(parts, PythonCommand) and not parts.kind:
        script = Path(parts.subject)
        if script.suffix in _ARCHIVES or script.is_dir():
            return Unsuited(f"{script} is no source file, and wrappers read nothing else")
    return parts


def starts_processes(files: Iterable[str]) -> Unsuited | None:
    """Why a program seen in these source files must not be wrapped: its workers would not find its functions."""
    for file in files:
        if any(part in file for part in _SPAWNING):
            return Unsuited("it uses multiprocessing, whose workers can't import a program that runs under cProfile")
    return None


def _split(argv: Sequence[str]) -> PythonCommand | Unsuited:
    place = 1
    while place < len(argv):
        word = argv[place]
        if word in {"-m", "-c"}:
            return _cut(argv, place, word[1])
        if not word.startswith("-") or word == "-":
            break
        taken = _words_of(word)
        if taken is None:
            return Unsuited(f"the interpreter's option {word} is not one that can be kept under cProfile")
        place += taken
    if place >= len(argv) or argv[place] == "-":
        return Unsuited("the program comes from standard input, which can't be read twice")
    return PythonCommand(tuple(argv[:place]), "", argv[place], tuple(argv[place + 1 :]))


def _cut(argv: Sequence[str], place: int, kind: str) -> PythonCommand | Unsuited:
    if place + 1 >= len(argv):
        return Unsuited(f"nothing follows the interpreter's option -{kind}")
    return PythonCommand(tuple(argv[:place]), kind, argv[place + 1], tuple(argv[place + 2 :]))


def _words_of(option: str) -> int | None:
    """How many words an option of the interpreter takes; None for one that changes what is run."""
    if option.startswith("--"):
        return 2 if option == _LONG_WITH_VALUE else (1 if option.startswith(_LONG_WITH_VALUE + "=") else None)
    for place, letter in enumerate(option[1:], start=1):
        if letter in _WITH_VALUE:
            return 1 if place + 1 < len(option) else 2
        if letter not in _FLAGS:
            return None
    return 1


def _script_with_shebang(argv: Sequence[str], executable: Path) -> PythonCommand | Unsuited:
    try:
        with executable.open("rb") as file:
            line = file.read(_SHEBANG_BYTES).partition(b"\n")[0]
    except OSError as error:
        return Unsuited(f"{executable} can't be read: {error.strerror}")
    words = line.removeprefix(b"#!").decode(errors="replace").split() if line.startswith(b"#!") else []
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if word != "-S"]
    if not words or not _PYTHON.fullmatch(Path(words[0]).name):
        return Unsuited(f"{argv[0]} is not started by a Python interpreter")
    return _split([*words, str(executable), *argv[1:]])
