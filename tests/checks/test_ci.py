"""`.ci/run` names its stages, and a failing one is shown with the command that repeats it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks.planting import REPOSITORY

STAGES = (  # in their order
    "install format lint types contracts clang-format security audit native cpp array-api tests isa docs readme"
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


def test_a_stage_that_could_not_run_is_not_called_passed(root: Path) -> None:
    fake_tool(root / "environment", "ruff", 77)
    fake_tool(root / "environment", "mypy", 0)
    answer = ci(root, "lint", "types", environment=root / "environment")
    assert answer.returncode == 0
    assert [line.split()[3:] for line in answer.stdout.splitlines() if line.startswith("lint ")] == [["NOT", "RUN"]]
    assert "all stages passed" not in answer.stdout
    assert "above: lint; all others passed" in answer.stdout


def audit(tmp_path: Path, answer: str) -> subprocess.CompletedProcess[str]:
    """Run the audit stage's program against a pip-audit that gives the prepared answer."""
    (tmp_path / "pip_audit.py").write_text(f"print({answer!r})\n", encoding="utf-8")
    command = [sys.executable, str(REPOSITORY / ".ci" / "audit.py")]
    variables = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)


FINE = {"name": "numpy", "version": "2.0", "vulns": []}
VULNERABLE = {"name": "jinja2", "version": "3.0", "vulns": [{"id": "CVE-2024-1", "fix_versions": ["3.1"]}]}
UNKNOWN = {"name": "assay", "skip_reason": "not found"}


def test_a_known_vulnerability_fails_and_is_named(tmp_path: Path) -> None:
    answer = audit(tmp_path, json.dumps({"dependencies": [FINE, VULNERABLE, UNKNOWN]}))
    assert answer.returncode == 1
    assert "jinja2 3.0: CVE-2024-1; fixed in 3.1" in answer.stdout
    assert "1 known vulnerabilities in 2 of 3 distributions" in answer.stdout


def test_an_audit_without_findings_passes(tmp_path: Path) -> None:
    answer = audit(tmp_path, json.dumps({"dependencies": [FINE, UNKNOWN]}))
    assert (answer.returncode, "0 known vulnerabilities in 1 of 2" in answer.stdout) == (0, True)


@pytest.mark.parametrize("text", ["", "Traceback: no network", json.dumps({"dependencies": [UNKNOWN]})])
def test_an_audit_that_could_ask_nobody_says_so(tmp_path: Path, text: str) -> None:
    answer = audit(tmp_path, text)
    assert answer.returncode == 77
    assert "vulnerability service not reachable, skipped" in answer.stdout
