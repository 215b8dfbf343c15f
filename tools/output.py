"""Only the command line prints: no other room writes to the terminal, and no comment waives that."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.source.names import first_name, first_names
from tools.source.tree import PACKAGE, Violation, parse, python_files, run_check

MAY_PRINT = ("cli", "__main__.py", "measure/programs")
"""The command line, and the bundled programs that are measured like any stranger's."""
PRINTING = {"print", "pprint.pprint", "pprint.pp", "rich.print"}
STREAMS = ("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__")
BY_NUMBER = {"open", "io.open", "io.FileIO", "os.fdopen", "os.write", "os.writev", "os.sendfile", "os.dup"}
"""Functions that write to, or open, what their first argument numbers."""
TERMINALS = {
    1,
    2,
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
    "/dev/fd/1",
    "/dev/fd/2",
    "/proc/self/fd/1",
    "/proc/self/fd/2",
}
TERMINAL_MODULES = {Path("measure/target/terminal.py")}
"""Lends the terminal to a target, and writes nothing to it."""


def violations(root: Path) -> Iterator[Violation]:
    """Every place outside the command line that writes to the terminal."""
    package = root / "src" / PACKAGE
    for path in python_files(root, f"src/{PACKAGE}"):
        if any(path.is_relative_to(package / place) for place in MAY_PRINT):
            continue
        tree = parse(path)
        nodes = tuple(ast.walk(tree))
        known, is_child = first_names(nodes), _is_child_program(tree)
        for node in nodes:
            name = _printer(node, known) or ("" if is_child else _stream(node, known))
            if not name and path.relative_to(package) not in TERMINAL_MODULES:
                name = _numbered(node, known)
            if name:
                line = getattr(node, "lineno", 1)
                what, remedy = f"{name} outside the command line", "return the text, and let cli print it"
                yield Violation(file=path.relative_to(root), line=line, what=what, remedy=remedy)


def _printer(node: ast.AST, known: Mapping[str, str]) -> str:
    """A function that prints, called or handed on."""
    name = first_name(node, known) if isinstance(node, ast.Name | ast.Attribute | ast.Call) else ""
    return name if name in PRINTING and not isinstance(getattr(node, "ctx", None), ast.Store) else ""


def _stream(node: ast.AST, known: Mapping[str, str]) -> str:
    """A standard stream, whatever is done with it."""
    if isinstance(node, ast.ImportFrom) and node.module == "sys":
        return next((f"sys.{alias.name}" for alias in node.names if f"sys.{alias.name}" in STREAMS), "")
    name = first_name(node, known) if isinstance(node, ast.Attribute | ast.Call) else ""
    return name if name in STREAMS else ""


def _numbered(node: ast.AST, known: Mapping[str, str]) -> str:
    """A call that reaches a standard stream by its number or its path."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return ""
    name, place = first_name(node.func, known), node.args[0].value
    return f"{name}({place!r})" if name in BY_NUMBER and place in TERMINALS else ""


def _is_child_program(tree: ast.Module) -> bool:
    """Whether the file is started as a process of its own, whose standard output is a pipe to its parent."""
    last = tree.body[-1] if tree.body else None
    return isinstance(last, ast.If) and ast.unparse(last.test) == "__name__ == '__main__'"


def main() -> int:
    """Check the tree; exit status 1 where another room prints."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
