"""Steps are stamped by the thread that does the work, and reach the file while the work goes on."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from assay.errors import UsageError
from assay.record.trace.columns import TRACE
from assay.trace.reading import open_trace
from assay.trace.recording.facts import Facts
from assay.trace.recording.recorder import record
from assay.trace.recording.ring import PythonRing

KILLED = """
import os, signal, sys, time
from assay.trace.recording.recorder import record
with record(sys.argv[1]) as trace:
    for number in range(100):
        with trace.step("FFN", number):
            pass
    trace.flush()
    with trace.step("Sample"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def rows(path: Path) -> list[dict[str, Any]]:
    return [row for each in open_trace(path).events() for row in each.to_pylist()]


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_a_step_has_its_place_its_times_and_what_was_counted(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t{ending}"
    before_ns = time.perf_counter_ns()
    with record(path, Facts(model="preset", threads=1)) as trace, trace.request() as request:
        with request.step("FFN", layer=3, token=5, phase="decode") as step:
            time.sleep(0.02)
            step.work, step.tokens, step.kv_bytes = (10, 20, 30), 1, 40
        with request.step("FFN", layer=3, token=5, phase="decode", op="gate"):
            pass
    after_ns = time.perf_counter_ns()
    found = {(row["step"], row["op"]): row for row in rows(path)}
    step_row, part, whole = found["FFN", None], found["FFN", "gate"], found["Request", None]
    assert (step_row["layer"], step_row["token"], step_row["phase"], step_row["invocation"]) == (3, 5, "decode", 0)
    counted = {name: step_row[name] for name in ("flops", "read_bytes", "written_bytes", "tokens", "kv_bytes")}
    assert list(counted.values()) == [10, 20, 30, 1, 40]
    assert before_ns - 100_000 <= step_row["start_ns"] <= after_ns
    assert 20_000_000 <= step_row["wall_ns"] <= after_ns - before_ns
    assert step_row["off_cpu_ns"] >= 10_000_000
    assert step_row["thread"] == threading.get_native_id()
    assert part["off_cpu_ns"] is None
    assert part["start_ns"] >= step_row["start_ns"] + step_row["wall_ns"]
    assert whole["start_ns"] <= step_row["start_ns"]
    assert whole["wall_ns"] >= step_row["wall_ns"]
    assert set(step_row) == set(TRACE.names)


def test_threads_have_tracks_of_their_own_and_requests_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    ids = []

    def work() -> None:
        ids.append(threading.get_native_id())
        with trace.request() as request:
            barrier.wait()
            for token in range(50):
                with request.step("FFN", 0, token):
                    pass

    barrier = threading.Barrier(3)
    with record(path) as trace:
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = rows(path)
    assert {row["thread"] for row in found} == set(ids)
    assert {row["invocation"] for row in found} == {0, 1, 2}
    for thread_id in ids:
        mine = [row for row in found if row["thread"] == thread_id and row["step"] == "FFN"]
        assert [row["token"] for row in mine] == list(range(50))
        ends = [row["start_ns"] + row["wall_ns"] for row in mine]
        assert all(later["start_ns"] >= end for end, later in zip(ends, mine[1:], strict=False))


def test_what_was_flushed_before_a_kill_is_there(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -9
    found = rows(path)
    assert [row["layer"] for row in found] == list(range(100))


def test_a_step_that_fails_is_recorded_and_the_error_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    with pytest.raises(ZeroDivisionError), record(path) as trace, trace.step("FFN"):
        _ = 1 / 0
    assert [row["step"] for row in rows(path)] == ["FFN"]


def test_cpu_time_is_left_out_on_request(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    with record(path, Facts(cpu_time=False)) as trace, trace.step("FFN"):
        pass
    assert rows(path)[0]["off_cpu_ns"] is None
    assert "off_cpu_ns" not in {each.column for each in open_trace(path).header.provenance}


def test_a_file_that_can_not_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no form of a trace"):
        record(tmp_path / "t.xml")
    with record(tmp_path / "t.jsonl") as trace, trace.step("FFN"):
        pass
    assert len(rows(tmp_path / "t.jsonl")) == 1


def test_the_ring_in_python_keeps_every_stamp_with_its_thread() -> None:
    ring = PythonRing()
    name = ring.name("FFN")
    ring.keep(5, 9, 3, name, name, -1, name, 1, 2, -1, -1, -1, -1, -1, -1, -1)
    stamps = ring.drain()
    assert len(stamps) == 1
    assert stamps.names == ("FFN",)
    assert {key: int(values[0]) for key, values in stamps.columns.items() if values[0] >= 0} == {
        "start_ns": 5, "end_ns": 9, "cpu_ns": 3, "thread": threading.get_native_id(),
        "step": 0, "phase": 0, "device": 0, "layer": 1, "token": 2,
    }  # fmt: skip
    assert len(ring.drain()) == 0
    assert ring.error_ns() is None


def test_a_step_hands_over_to_the_next_at_one_instant(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    with record(path) as recorder, recorder.request() as request:
        first, second = request.step("Attention", 0), request.step("FFN", 0)
        first.__enter__()
        first.hand_over(second)
        second.__exit__()
    rows = {row["step"]: row for batch in open_trace(path).events() for row in batch.to_pylist()}
    assert rows["Attention"]["start_ns"] + rows["Attention"]["wall_ns"] == rows["FFN"]["start_ns"]
    assert rows["FFN"]["off_cpu_ns"] is not None


def test_who_watches_is_shown_every_event(tmp_path: Path) -> None:
    seen: list[str] = []
    with record(tmp_path / "t.jsonl", seen=lambda batch: seen.extend(batch.column("step").to_pylist())) as recorder:
        with recorder.step("Embed"):
            pass
        with recorder.step("Sample"):
            pass
    assert seen == ["Embed", "Sample"]
