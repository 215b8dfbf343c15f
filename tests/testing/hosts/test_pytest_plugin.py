from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assay.compare.evidence import spans
from assay.store import open_store

TESTS = """
import pytest
import assay

CALLS = []

@assay.bench(rounds=5, warmup=1, calls=2)
def test_counted() -> None:
    CALLS.append(1)

def test_it_was_called_as_often_as_asked() -> None:
    assert len(CALLS) in (1, 11)

@assay.bench
@pytest.mark.parametrize("size", [10, 20])
def test_with_arguments(size: int, tmp_path) -> None:
    assert sum(range(size)) > 0 and tmp_path.is_dir()

@assay.limit(peak_mb=50)
def test_too_much_memory() -> None:
    bytes(bytearray(b"x") * 200_000_000)

@assay.limit(wall_s=60, cpu_s=60)
def test_within_its_limits() -> None:
    pass

@assay.bench(rounds=2)
def test_that_fails() -> None:
    assert 1 == 2

class TestInAClass:
    @assay.bench(rounds=3)
    def test_method(self) -> None:
        assert self is not None
"""


def _pytest(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_some.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    plugin = ["-p", "assay.testing.hosts.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:cov"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, "test_some.py", *words],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_benches_are_repeated_limits_are_kept_and_the_run_is_sealed(tmp_path: Path) -> None:
    words = [
        "--assay-store",
        str(tmp_path / "store"),
        "--assay-session",
        "s",
        "--assay-side",
        "A",
        "--assay-block",
        "3",
    ]
    done = _pytest(tmp_path, *words)
    assert "2 failed, 6 passed" in done.stdout, done.stdout
    assert "MB where at most 50 MB are allowed (peak_mb)" in done.stdout
    assert "assay benches" in done.stdout
    [row] = open_store(tmp_path / "store").runs()
    run = open_store(tmp_path / "store").get(row.id)
    assert (run.record.position.session, run.record.position.side, run.record.position.block) == ("s", "A", 3)
    [one] = spans.read([run], "wall_s").units
    rounds = {cell.name.rpartition("::")[2]: len(values) for cell, values in one.values.items()}
    assert rounds == {"test_counted": 5, "test_with_arguments[10]": 20, "test_with_arguments[20]": 20, "test_method": 3}


def test_a_bench_is_a_plain_test_where_none_is_wanted(tmp_path: Path) -> None:
    done = _pytest(tmp_path, "--assay-no-bench", "-k", "counted or called")
    assert "2 passed" in done.stdout, done.stdout
    assert "assay benches" not in done.stdout
