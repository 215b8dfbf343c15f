"""What the documentation names is there: commands and their options, variables, metrics, fields, functions."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.source.tree import PACKAGE, Violation, files_below, parse, run_check, use_source

PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
HISTORICAL = {Path("docs/decisions.md"), Path("docs/changelog.md")}
"""Pages that tell what was tried, and so may name what is gone."""
COMMAND = re.compile(r"(?:^\$ |`|^\s*)(?:\./)?assay((?: [^`\n#|>;]+)?)(?=`|$|\s*[#|>;])", re.MULTILINE)
VARIABLE = re.compile(r"\bASSAY_[A-Z][A-Z_]*\b")
NAME = re.compile(r"`(?:[\w.]+\.)?([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?:\([^`]*\))?`")
"""A name of several words: a metric, field, column, function or argument."""
FOREIGN = {"find_package"}
"""Functions of others."""
LAUNCHER = {"test"}
"""What `./assay` of a clone does itself."""
OPTION = re.compile(r"--?[a-z][a-z-]*")
FENCE = re.compile(r"^```\{?(\w*).*?^```", re.DOTALL | re.MULTILINE)
SHELL = {"console", "sh", "bash", "shell"}
_NAMING = ("id", "arg", "attr", "name", "value")
"""Fields of the syntax tree that hold a name."""


def violations(root: Path) -> Iterator[Violation]:
    """Everything that a page names and the code does not have."""
    use_source(root)
    names, variables = _names(root), _variables()
    for path in _pages(root):
        file, text = path.relative_to(root), path.read_text(encoding="utf-8")
        for line, what in (
            *_unknown_commands(text),
            *((line, name) for line, name in _found(VARIABLE, text) if name not in variables),
            *((line, name) for line, name in _found(NAME, text) if name not in names),
        ):
            yield Violation(file=file, line=line, what=f"{what} is named, and is not there", remedy="mend the page")


def _pages(root: Path) -> Iterator[Path]:
    yield from (root / name for name in PAGES if (root / name).is_file())
    yield from (path for path in files_below(root, "docs", ".md") if path.relative_to(root) not in HISTORICAL)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[match.lastindex or 0]


def _unknown_commands(text: str) -> Iterator[tuple[int, str]]:
    tree, app = importlib.import_module("assay.cli.start.tree"), importlib.import_module("assay.cli.app")
    for line, rest in _found(COMMAND, _shell_only(text)):
        words = _words(rest)
        depth = 0
        while depth < len(words) and tree.find(" ".join(words[: depth + 1])) is not None:
            depth += 1
        entry = tree.find(" ".join(words[:depth]))
        group = entry is None or not entry.target
        if words[:1] and words[0] in LAUNCHER:
            continue
        if group and depth < len(words) and re.fullmatch(r"[a-z]+", words[depth]):
            yield line, f"the command `assay {' '.join(words[: depth + 1])}`"
        elif entry is not None and entry.target:
            yield from ((line, what) for what in _unknown_options(app.load(entry.name), words[depth:]))


def _unknown_options(command: Any, words: list[str]) -> Iterator[str]:
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    for word in words[: words.index("--")] if "--" in words else words:
        option = word.partition("=")[0]
        if OPTION.fullmatch(option) and option not in known:
            yield f"the option {option} of `assay {command.name}`"


def _shell_only(text: str) -> str:
    """The page without blocks of other languages; lines keep their numbers."""
    return FENCE.sub(lambda block: block[0] if block[1] in SHELL else "\n" * block[0].count("\n"), text)


def _words(rest: str) -> list[str]:
    try:
        return shlex.split(rest.replace("…", " ").replace("[", " ").replace("]", " "))
    except ValueError:
        return rest.split()


def _variables() -> set[str]:
    keys = importlib.import_module("assay.settings.keys")
    return {key.variable for key in keys.KEYS} | set(keys.OTHER_VARIABLES)


def _names(root: Path) -> set[str]:
    """Every name of the package: what is defined, passed, or written as a text, as metrics and columns are."""
    found: set[str] = set()
    for path in files_below(root, f"src/{PACKAGE}", ".py", ".pyi"):
        for node in ast.walk(parse(path)):
            found |= {value for field in _NAMING if isinstance(value := getattr(node, field, None), str)}
    tests = (path.read_text(encoding="utf-8") for path in files_below(root, "tests", ".py"))
    return found | {name for text in tests for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)} | FOREIGN


def main() -> int:
    """Check the tree; exit status 1 where a page names what is not there."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
