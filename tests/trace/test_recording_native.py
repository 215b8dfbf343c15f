"""The native ring: one recording at a time, lost stamps counted, native steps in the same file as Python's."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.trace.reading import open_trace
from assay.trace.recording.facts import Facts
from assay.trace.recording.native import NativeRing
from assay.trace.recording.recorder import record
from assay.vgpu.core import active

native = pytest.importorskip("assay.vgpu._native", reason="needs the native core; install a C++ compiler")


def test_native_steps_and_those_of_python_are_in_one_file_in_order(tmp_path: Path) -> None:
    with record(tmp_path / "t.jsonl", Facts(cpu_time=False)) as trace, trace.request() as request:
        with request.step("Tokenize"):
            pass
        native.trace_spans(10)
        with request.step("Sample"):
            pass
    found = [row for each in open_trace(tmp_path / "t.jsonl").events() for row in each.to_pylist()]
    assert [row["step"] for row in found] == ["Tokenize", *["Attention"] * 10, "Sample", "Request"]
    steps = found[:-1]
    ends = [row["start_ns"] + row["wall_ns"] for row in steps]
    assert all(row["start_ns"] >= end for end, row in zip(ends, steps[1:], strict=False))
    assert [row["layer"] for row in found if row["step"] == "Attention"] == list(range(10))


def test_a_second_recording_is_refused_while_one_goes_on(tmp_path: Path) -> None:
    with record(tmp_path / "t.jsonl"), pytest.raises(UsageError, match="a recording goes on already"):
        record(tmp_path / "u.jsonl")
    with record(tmp_path / "u.jsonl"):
        pass
    assert open_trace(tmp_path / "u.jsonl").header.clock.source == native.trace_source()


def test_stamps_that_found_no_room_are_counted() -> None:
    ring = NativeRing(active, 64, cpu_time=False)
    try:
        native.trace_spans(200)
        stamps = ring.drain()
        assert (len(stamps), stamps.dropped) == (64, 136)
        error_ns = ring.error_ns()
        assert error_ns is None or 0 <= error_ns < 1e6
    finally:
        ring.close()
