"""Small trees, and copies of the real one, in which a violation is planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.source.tree import SKIPPED_FOLDERS, Violation

REPOSITORY = Path(__file__).resolve().parents[2]
HEAD = "from __future__ import annotations\n\n"
MINI_TREE = {
    "src/assay/__init__.py": "",
    "src/assay/errors.py": HEAD + "class AssayError(Exception):\n    pass\n",
    "src/assay/record/__init__.py": "",
    "src/assay/record/run.py": HEAD + "from assay.errors import AssayError\n\nRUN_ERROR = AssayError\n",
    "src/assay/store/__init__.py": "",
    "src/assay/store/open.py": HEAD + "from assay.record.run import RUN_ERROR\n\nSTORE_ERROR = RUN_ERROR\n",
    "src/assay/observe/__init__.py": "",
    "src/assay/observe/collectors/__init__.py": "",
    "src/assay/observe/collectors/gpu.py": HEAD + "import torch\n\nPLUGIN = torch\n",
    "src/assay/cli/__init__.py": "",
    "src/assay/cli/runs.py": HEAD + "from assay.store.open import STORE_ERROR\n\nprint(STORE_ERROR)\n",
    "CHANGELOG.md": "# Changes\n\n## Unreleased\n\n- The house stands.\n",
}


def plant(root: Path, files: dict[str, str]) -> None:
    """Write the given files below ``root``, over what is there."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def mini_tree(root: Path) -> Path:
    """A few rooms that break no rule, under the real configuration."""
    plant(root, MINI_TREE)
    (root / "tests").mkdir()
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    return root


def real_tree(root: Path) -> Path:
    """A copy of this repository's sources and configuration."""
    ignored = shutil.ignore_patterns(*SKIPPED_FOLDERS, ".*", "*.so")
    for folder in ("src", "tests", "tools"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignored)
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    return root


def tool(name: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one check of ``tools/`` on another tree, as the checks of this repository run it."""
    command = [sys.executable, "-m", f"tools.{name}", str(root), *arguments]
    uncounted = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    return subprocess.run(command, cwd=REPOSITORY, env=uncounted, capture_output=True, text=True, check=False)


def named_by(name: str, root: Path, file: str) -> str:
    """The line of a check that names ``file`` of a copy of the real tree.

    In a process of its own: under the tracer of coverage, walking all syntax trees takes thirty times as long.
    """
    answer = tool(name, root)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return the_only({line for line in answer.stdout.splitlines() if line.startswith(f"{file}:")})


def ruff(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ruff with the real configuration on another tree."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", *arguments, "."]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def found_by(check: Callable[[Path], Iterable[Violation]], root: Path) -> set[str]:
    """The lines that a check prints for ``root``."""
    return {str(violation) for violation in check(root)}


def the_only(lines: set[str]) -> str:
    """The one line there is; more or fewer are a failure that shows them."""
    assert len(lines) == 1, "\n".join(sorted(lines)) or "nothing was found"
    return next(iter(lines))
