from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.observe.perf.record import PerfRecord
from assay.observe.perf.script import NativeSample

PERF = shutil.which("perf") or ""
PATIENCE_S = 30.0
BUSY = "print('ready', flush=True)\nitems = list(range(3000))\nwhile True: -1 in items"


def _samples(source: str, raw: Path, enough: int) -> list[NativeSample]:
    """Samples of a program of which so many are wanted."""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        pipe = PerfRecord(PERF, process.pid, raw)
        if not pipe.wait_until_ready():
            process.kill()
            pytest.skip(f"perf can't look: {pipe.close()}")
        found: list[NativeSample] = []
        give_up_s = time.monotonic() + PATIENCE_S
        while len(found) < enough and time.monotonic() < give_up_s:
            time.sleep(0.05)
            found += pipe.take()
        process.kill()
        assert not pipe.close()
        return found + pipe.take()


@pytest.mark.skipif(not PERF, reason="perf is not installed")
def test_the_code_on_the_processor_is_named_while_the_target_runs(tmp_path: Path) -> None:
    raw = tmp_path / "perf.data"
    before_ns = time.perf_counter_ns()
    found = _samples(BUSY, raw, enough=5)
    assert len(found) >= 5
    assert all(before_ns <= sample.time_ns <= time.perf_counter_ns() for sample in found)
    assert any("python" in sample.library for sample in found)
    assert raw.read_bytes()[:8] == b"PERFILE2"


@pytest.mark.skipif(not PERF, reason="perf is not installed")
def test_a_target_that_is_gone_makes_no_trouble(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as process:
        pass
    pipe = PerfRecord(PERF, process.pid, tmp_path / "perf.data")
    assert not pipe.wait_until_ready()
    assert isinstance(pipe.close(), str)
    assert pipe.take() == []
