"""Kills and faults while runs are recorded, salvaged and removed; the experiments themselves are in bench/store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.store.faults import can_trace

REPOSITORY = Path(__file__).parents[3]
KILL_POINTS = os.environ.get("ASSAY_TEST_KILL_POINTS", "60")


def experiment(name: str, *options: str) -> dict[str, Any]:
    """Result of one experiment, run in a process of its own, because it forks."""
    command = [sys.executable, "-m", f"bench.store.{name}", *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])}
    done = subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture
def tracer() -> None:
    """Tests that need strace say why they are skipped."""
    if problem := can_trace():
        pytest.skip(problem)


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_nothing_sealed_and_shows_nothing_partial() -> None:
    result = experiment("kills", "--points", KILL_POINTS)
    assert result["faults"] == []
    assert result["points"] == int(KILL_POINTS)
    assert min(result["acknowledged"], result["interrupted"]) > 0


@pytest.mark.slow
@pytest.mark.usefixtures("tracer")
def test_a_fault_at_any_call_of_a_commit_leaves_the_store_in_order() -> None:
    result = experiment("faults", "--subject", "commit")
    assert result["faults"] == []
    assert result["killed"] >= result["calls"] - 1
    assert {"mkdir", "openat", "write", "fsync", "renameat2"} <= set(result["by_name"])


@pytest.mark.slow
@pytest.mark.usefixtures("tracer")
def test_a_fault_while_series_are_finished_leaves_the_store_in_order() -> None:
    result = experiment("faults", "--subject", "commit", "--spans", "200", "--every", "6")
    assert result["faults"] == []
    assert result["unsynced"] == []


@pytest.mark.slow
@pytest.mark.usefixtures("tracer")
@pytest.mark.parametrize("subject", ["salvage", "remove"])
def test_a_fault_at_any_call_of_a_salvage_or_removal_is_made_good(subject: str) -> None:
    result = experiment("faults", "--subject", subject, "--every", "4")
    assert result["faults"] == []


@pytest.mark.usefixtures("tracer")
def test_everything_of_a_run_is_synced_before_the_rename_that_shows_it() -> None:
    result = experiment("faults", "--subject", "commit", "--every", "1000")
    assert result["unsynced"] == []
    assert result["by_name"]["renameat2"] == 1
