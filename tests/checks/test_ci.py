"""`.ci/run` names its stages, and a failing one is shown with the command that repeats it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.checks.planting import REPOSITORY

STAGES = (
    "install format lint types contracts clang-format security audit native tests isa docs readme"  # in their order
)


def ci(root: Path, *stages: str, environment: Path) -> subprocess.CompletedProcess[str]:
    """Run stages in a copy of the tree, with an environment whose tools the test has made."""
    variables = {**os.environ, "ASSAY_CI_VENV": str(environment)}
    command = [str(root / ".ci" / "run"), *stages]
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with nothing but `.ci/run`."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "run", tmp_path / ".ci")
    return tmp_path


def fake_tool(environment: Path, name: str, status: int) -> None:
    """A program that prints its name and ends with the given status."""
    path = environment / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {name} was called with $*\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)


def test_an_unknown_stage_is_refused_with_the_list(root: Path) -> None:
    answer = ci(root, "planted", environment=root / "environment")
    assert answer.returncode == 2
    assert answer.stderr == f"there is no stage planted; choose from: {STAGES}\n"


def test_a_passing_stage_is_reported_with_its_time(root: Path) -> None:
    fake_tool(root / "environment", "ruff", 0)
    answer = ci(root, "lint", environment=root / "environment")
    assert answer.returncode == 0, answer.stderr
    assert "ruff was called with check --output-format concise ." in answer.stdout
    assert "all stages passed" in answer.stdout


def test_a_failing_stage_names_its_repetition_and_the_others_still_run(root: Path) -> None:
    fake_tool(root / "environment", "ruff", 1)
    fake_tool(root / "environment", "mypy", 0)
    answer = ci(root, "lint", "types", environment=root / "environment")
    assert answer.returncode == 1
    assert "stage lint failed; repeat it with: .ci/run lint" in answer.stdout
    assert "mypy was called" in answer.stdout
    assert "failed: lint; repeat with: .ci/run lint" in answer.stdout
