"""Only the command line prints: no other room writes to the terminal, and no comment waives that."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tree import PACKAGE, Violation, dotted, parse, python_files, run_check

MAY_PRINT = ("cli", "__main__.py", "measure/programs")
"""The command line, and the bundled programs that are measured like any stranger's."""
PRINTING = {"print", "builtins.print", "pprint.pprint", "pprint", "rich.print"}
STREAMS = ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__")


def violations(root: Path) -> Iterator[Violation]:
    """Every call that writes to the terminal outside the command line."""
    package = root / "src" / PACKAGE
    for path in python_files(root, f"src/{PACKAGE}"):
        if any(path.is_relative_to(package / place) for place in MAY_PRINT):
            continue
        tree = parse(path)
        forbidden = _prints if _is_child_program(tree) else _writes
        for node in ast.walk(tree):
            for name in filter(forbidden, _names(node)):
                what = f"{name} outside the command line"
                remedy = "return the text, and let cli print it"
                line = getattr(node, "lineno", 1)
                yield Violation(file=path.relative_to(root), line=line, what=what, remedy=remedy)


def _names(node: ast.AST) -> list[str]:
    """What is called, ``print`` wherever it is named, and what is imported of ``sys``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return [dotted(node.func)]
    if isinstance(node, ast.ImportFrom) and node.module == "sys":
        return [f"sys.{alias.name}" for alias in node.names]
    return [node.id] if isinstance(node, ast.Name) else []


def _is_child_program(tree: ast.Module) -> bool:
    """Whether the file is started as a process of its own, whose standard output is a pipe to its parent."""
    last = tree.body[-1] if tree.body else None
    return isinstance(last, ast.If) and ast.unparse(last.test) == "__name__ == '__main__'"


def _prints(name: str) -> bool:
    return name in PRINTING


def _writes(name: str) -> bool:
    stream, _, method = name.rpartition(".")
    return (
        _prints(name)
        or name in STREAMS
        or (stream.removesuffix(".buffer") in STREAMS and method in {"write", "writelines"})
    )


def main() -> int:
    """Check the tree; exit status 1 where another room prints."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
