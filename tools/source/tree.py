"""The files of this repository as the checks see them, and the line that a violation prints."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = {"build", "dist", "htmlcov", "node_modules", "__pycache__", "generated", "_build"}
NEVER_SKIPPED = ("src", "tests", "tools", "native")
"""Folders in which every folder is looked into, whatever its name: nothing is built there."""
PYTHON_ROOTS = ("src", "tests", "tools", "bench", "examples", "docs", ".ci", "scripts")
PACKAGE = "assay"


@dataclass(frozen=True, kw_only=True, order=True)
class Violation:
    """One broken rule at one place, and what to do about it."""

    file: Path
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; {self.remedy}"


Check = Callable[[Path], Iterable[Violation]]


def run_check(check: Check) -> int:
    """Print what ``check`` finds below the working directory (or the first argument); 1 where it finds anything."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    try:
        found = sorted(check(root))
    except SyntaxError as error:
        found = [
            Violation(file=Path(error.filename or "?"), line=error.lineno or 1, what=error.msg, remedy="repair it")
        ]
    for violation in found:
        print(violation)
    return 1 if found else 0


def files_below(root: Path, folder: str, *suffixes: str) -> Iterator[Path]:
    """Files of ``folder`` with one of the suffixes, in order; build products and hidden folders left out."""
    skipped = {"__pycache__"} if folder.startswith(NEVER_SKIPPED) else SKIPPED_FOLDERS
    for parent, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if name not in skipped)
        yield from (Path(parent) / name for name in sorted(names) if not suffixes or name.endswith(suffixes))


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """Every Python file of the given folders; of all folders that hold any where none is given."""
    for folder in folders or PYTHON_ROOTS:
        yield from files_below(root, folder, ".py")


def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a chain of attributes; empty for anything else."""
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return node.id if isinstance(node, ast.Name) else ""


def module_name(root: Path, path: Path) -> str:
    """The dotted name under which a file below ``src`` is imported."""
    parts = path.relative_to(root / "src").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def use_source(root: Path) -> None:
    """Put ``root/src`` before every installed copy; for a process that checks one tree and ends."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__]
    sys.path.insert(0, str(root / "src"))
    os.environ["PYTHONPATH"] = str(root / "src")
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
