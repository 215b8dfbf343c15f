"""A process that is stopped for a while shows it in the step that it was stopped in, and in no other."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assay.trace.reading import open_trace
from assay.vgpu.core import active

pytestmark = pytest.mark.skipif(not hasattr(active, "decoder_open"), reason="the native core is not installed")

STOP_NS = 30_000_000
STOPS = 6

STEPPING = """
import sys
from pathlib import Path
from assay.engine.files import open_model
from assay.engine.options import EngineOptions
from assay.engine.session import Engine
from assay.trace.recording.facts import Facts
from assay.trace.recording.recorder import record
from tests.engine.decoders import write_decoder

folder = Path(sys.argv[1])
write_decoder(folder, "llama")
model = open_model(folder)
with Engine(model.architecture, model.weights, EngineOptions(threads=1)) as engine:
    with record(folder / "steps.parquet", Facts(cpu_time=False)):
        print("ready", flush=True)
        while not (folder / "enough").exists():
            for _ in range(10):
                sequence = engine.sequence()
                engine.prefill(sequence, [5] * 512)
                sequence.close()
"""


def stop_at_random_times(child: subprocess.Popen[str]) -> list[tuple[int, int]]:
    """Instants between which the child certainly stood still."""
    stood = []
    times = random.Random(3)
    for _ in range(STOPS):
        time.sleep(0.05 + 0.05 * times.random())
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED)
        start_ns = time.perf_counter_ns()
        time.sleep(STOP_NS / 1e9)
        stood.append((start_ns, time.perf_counter_ns()))
        child.send_signal(signal.SIGCONT)
    return stood


def test_each_stop_lies_in_at_most_one_step_and_nearly_all_in_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STEPPING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        stood = stop_at_random_times(child)
        (tmp_path / "enough").touch()
        assert child.wait() == 0
    steps: list[dict[str, Any]] = [
        row for batch in open_trace(tmp_path / "steps.parquet").events() for row in batch.to_pylist()
    ]
    around = [
        [row for row in steps if row["start_ns"] <= start and end <= row["start_ns"] + row["wall_ns"]]
        for start, end in stood
    ]
    touched = [
        [row for row in steps if row["start_ns"] < end and start < row["start_ns"] + row["wall_ns"]]
        for start, end in stood
    ]
    assert all(len(found) <= 1 for found in touched)
    # Between steps there is little: a prompt's beginning and end in Python.
    assert sum(len(found) == 1 for found in around) >= STOPS - 2
