"""Sizes: lines of a Python file, files of a folder, and the limits of a function, which no comment can waive."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tools.source.tree import PYTHON_ROOTS, Violation, files_below, python_files, run_check

LINES_OF_A_FILE = 400
FILES_OF_A_FOLDER = 12
NOT_COUNTED = {"__init__.py", "__main__.py", "conftest.py"}
COUNTED_TOGETHER = {
    **dict.fromkeys([".cpp", ".cc", ".cxx", ".c", ".cu"], "C++ sources"),
    **dict.fromkeys([".hpp", ".h", ".hxx", ".inl", ".cuh"], "C++ headers"),
    ".py": "Python modules",
}
LIMITS = {
    "lint.mccabe.max-complexity": 8,
    "lint.pylint.max-args": 6,
    "lint.pylint.max-positional-args": 6,
    "lint.pylint.max-statements": 30,
    "lint.pylint.max-branches": 8,
    "lint.pylint.max-nested-blocks": 3,
}
"""The limits of a function. They stand here too, so that no setting and no file for one folder can widen them."""
FUNCTION_RULES = ("C901", "PLR0912", "PLR0913", "PLR0915", "PLR1702")
WAIVED_FILE = re.compile(r"#\s*ruff:\s*noqa", re.IGNORECASE)


def violations(root: Path) -> Iterator[Violation]:
    """Everything that is larger than STYLE allows."""
    yield from _long_files(root)
    yield from _full_folders(root)
    yield from _large_functions(root)


def _long_files(root: Path) -> Iterator[Violation]:
    for path in python_files(root):
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > LINES_OF_A_FILE:
            what = f"{len(lines)} lines, a file has at most {LINES_OF_A_FILE}"
            yield _violation(root, path, LINES_OF_A_FILE + 1, what, "split it by subject")
        for number, line in enumerate(lines, start=1):
            if WAIVED_FILE.search(line):
                yield _violation(root, path, number, "lint is waived for a whole file", "waive one rule on one line")


def _full_folders(root: Path) -> Iterator[Violation]:
    counts: Counter[tuple[Path, str]] = Counter()
    for folder in (*PYTHON_ROOTS, "native"):
        for path in files_below(root, folder, *COUNTED_TOGETHER):
            if path.name not in NOT_COUNTED:
                counts[path.parent, COUNTED_TOGETHER[path.suffix]] += 1
    for (folder_path, kind), count in counts.items():
        if count > FILES_OF_A_FOLDER:
            what = f"{count} {kind}, a folder has at most {FILES_OF_A_FOLDER}"
            yield _violation(root, folder_path, 1, what, "split the folder by subject")


def _large_functions(root: Path) -> Iterator[Violation]:
    folders = [folder for folder in PYTHON_ROOTS if (root / folder).is_dir()]
    settings = [f"{name}={value}" for name, value in LIMITS.items()]
    settings += ["exclude=['docs/_build']", "lint.explicit-preview-rules=true", "target-version='py311'"]
    options = ["--ignore-noqa", "--no-cache", "--output-format", "json", "--select", ",".join(FUNCTION_RULES)]
    options += ["--preview", "--no-respect-gitignore", *(word for one in settings for word in ("--config", one))]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", *options, *folders]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if answer.returncode not in {0, 1}:
        raise SystemExit(f"tools/sizes: ruff failed: {answer.stderr.strip()}")
    for found in json.loads(answer.stdout):
        if found["code"] in FUNCTION_RULES:
            line = int(found["location"]["row"])
            yield _violation(root, Path(found["filename"]), line, f"{found['message']}", "take a part out by its name")


def _violation(root: Path, path: Path, line: int, what: str, remedy: str) -> Violation:
    return Violation(file=path.relative_to(root), line=line, what=what, remedy=remedy)


def main() -> int:
    """Check the tree; exit status 1 where anything is too large."""
    return run_check(violations)


if __name__ == "__main__":
    sys.exit(main())
