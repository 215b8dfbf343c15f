"""The pages' examples, executed: what a ``console`` or ``python`` block shows must work as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Container
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    page
    for page in sorted(DOCS.glob("[th]*/*.md"))
    if re.search(r"^```(console|python)$", page.read_text(), re.MULTILINE)
]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANSWERS = {"runs diff": {0, 1}, "compare --run": {0, 1, 3}, "expect --withdraw": {2}}
"""Commands whose exit status answers a question, or that name what only a reader's own store holds."""


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    """An environment with a store of its own that holds two runs, as a reader of any page would have."""
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where `python` is, if nowhere else
    variables = {
        **os.environ,
        "PATH": here,
        "ASSAY_STORE": str(tmp_path / "store"),
        "HOME": str(tmp_path),
        "NO_COLOR": "1",
    }
    for name, size in (("old", 3_000_000), ("new", 3_000), ("slow", 3_000_000), ("fast", 3_000)):
        (tmp_path / f"{name}.py").write_text(f"print(sum(range({size})) >= 0)\n")
    _run(["demo", "--blocks", "1"], variables, tmp_path)
    return variables


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_every_example_of_a_page_works_as_it_stands(page: Path, place: dict[str, str], tmp_path: Path) -> None:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks
    program = ""  # a page's Python goes on where the block before ended
    for language, text in blocks:
        if language == "python":
            program += text
            _python(["-c", program], place, tmp_path)
        for line in re.findall(r"^\$ assay (.*)$", text, re.MULTILINE):
            _run(shlex.split(line), place, tmp_path)


def _run(words: list[str], variables: dict[str, str], folder: Path) -> None:
    _python(["-m", "assay", *words], variables, folder, allowed=ANSWERS.get(" ".join(words[:2]), {0}))


def _python(words: list[str], variables: dict[str, str], folder: Path, allowed: Container[int] = (0,)) -> None:
    command = [sys.executable, *words]
    done = subprocess.run(command, env=variables, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in allowed, f"{shlex.join(words)}: {done.stderr}"
