"""Tests mirror the tree: every file with code has its test, and every test has its file."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

from tools.source.tree import PACKAGE, Violation, files_below, parse, run_check

FACES = {"__init__", "__main__"}


def violations(root: Path) -> Iterator[Violation]:
    """Code without a test, and tests without code."""
    package = root / "src" / PACKAGE
    yield from _untested(root, package)
    yield from _orphans(root, package)


def _untested(root: Path, package: Path) -> Iterator[Violation]:
    for path in files_below(package, ".", ".py"):
        inner = PurePath(path.relative_to(package))
        if inner.stem in FACES or not _has_code(path):
            continue
        places = _places(inner)
        if not any((root / place).is_file() for place in places):
            remedy = f"write {places[0]}"
            yield Violation(file=path.relative_to(root), line=1, what="code without a test file", remedy=remedy)


def _has_code(path: Path) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) for node in ast.walk(parse(path)))


def _places(inner: PurePath) -> list[str]:
    """Where the test of a file may lie: beside its like, in its room, or with its whole folder."""
    name = f"test_{inner.stem.lstrip('_')}.py"
    beside = PurePath("tests", inner.parent, name)
    in_room = PurePath("tests", *inner.parts[:-1][:1], name)
    of_folder = PurePath("tests", inner.parent.parent, f"test_{inner.parent.name}.py") if in_room != beside else beside
    within_folder = PurePath("tests", inner.parent, f"test_{inner.parent.name}.py")
    contract = PurePath("tests", "contracts", f"test_{inner.parent.name}.py")
    return [str(place) for place in dict.fromkeys((beside, in_room, of_folder, within_folder, contract))]


def _orphans(root: Path, package: Path) -> Iterator[Violation]:
    for room in sorted(path for path in (root / "tests").iterdir() if path.is_dir() and (package / path.name).is_dir()):
        subjects = _subjects(package / room.name)
        for test in files_below(root, f"tests/{room.name}", ".py"):
            stem = test.stem.removeprefix("test_")
            if test.name.startswith("test_") and not any(stem == s or stem.startswith(f"{s}_") for s in subjects):
                what = f"no file of {room.name} is called {stem}"
                remedy = "name it test_<file>.py, or move it to tests/e2e/"
                yield Violation(file=test.relative_to(root), line=1, what=what, remedy=remedy)


def _subjects(room: Path) -> set[str]:
    files = {path.stem.lstrip("_") for path in files_below(room, ".", ".py") if path.stem not in FACES}
    folders = {path.parent.name for path in files_below(room, ".", ".py")}
    return files | folders


def main() -> int:
    """Check the tree; exit status 1 where code and tests don't match."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
