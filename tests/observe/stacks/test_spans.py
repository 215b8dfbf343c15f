from __future__ import annotations

import io
import json
from typing import Any

import pytest

from assay.observe.stacks import spans
from assay.observe.stacks.spans import Sample, read_events, samples_of
from assay.observe.stacks.tree import Frame

PERIOD_US = 10_000


def _event(kind: str, time_us: int, name: str, file: str = "", line: int = 0, tid: int = 77) -> dict[str, Any]:
    place = {"filename": file, "line": line}
    return {"args": place, "cat": "py-spy", "name": name, "ph": kind, "pid": 5, "tid": tid, "ts": time_us}


TRACE = [
    _event("B", 100, 'process 5:"python t.py"'),
    _event("B", 100, "thread (6): worker"),
    _event("B", 100, "main", "t.py", 3),
    _event("B", 30_120, 'odd },{"args": name', "t.py", 9),
    _event("E", 50_110, 'odd },{"args": name', "t.py", 9),
    _event("E", 70_100, "main", "t.py", 3),
]
MAIN = (Frame("main", "t.py", 3),)
INNER = (*MAIN, Frame('odd },{"args": name', "t.py", 9))


def _file(events: list[dict[str, Any]]) -> io.BytesIO:
    return io.BytesIO(json.dumps(events, separators=(",", ":")).encode())


@pytest.mark.parametrize("piece_bytes", [7, 64, 1 << 20])
def test_events_are_read_in_pieces_of_any_size(piece_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "_PIECE_BYTES", piece_bytes)
    assert [event.ts for event in read_events(_file(TRACE))] == [event["ts"] for event in TRACE]


def test_a_file_that_was_cut_gives_what_lies_before_the_cut() -> None:
    whole = _file(TRACE).getvalue()
    assert len(list(read_events(io.BytesIO(whole[:-30])))) == len(TRACE) - 1
    assert list(read_events(io.BytesIO(b""))) == []
    assert list(read_events(io.BytesIO(b"[]"))) == []


def test_each_period_in_which_a_stack_stood_becomes_a_sample() -> None:
    samples = list(samples_of(read_events(_file(TRACE)), period_us=PERIOD_US))
    assert [(sample.time_us, sample.frames) for sample in samples] == [
        *((time_us, MAIN) for time_us in (100, 10_100, 20_100)),
        *((time_us, INNER) for time_us in (30_120, 40_120)),
        *((time_us, MAIN) for time_us in (50_110, 60_110)),
    ]
    assert {(sample.pid, sample.thread) for sample in samples} == {(5, "6")}


def test_a_thread_known_to_have_ended_has_no_samples_after_its_end() -> None:
    samples = list(samples_of(read_events(_file(TRACE)), period_us=PERIOD_US, known_end=lambda _pid, _thread: 15_000))
    assert [sample.time_us for sample in samples if sample.frames == MAIN][:2] == [100, 10_100]
    assert all(sample.time_us <= 50_110 for sample in samples)


def test_threads_are_kept_apart_and_the_hexadecimal_ones_too() -> None:
    other = [_event("B", 100, "thread (0x7F01)", tid=78), _event("E", 10_000, "thread (0x7F01)", tid=78)]
    samples = list(samples_of(read_events(_file([*TRACE, *other])), period_us=PERIOD_US))
    assert samples[-1] == Sample(time_us=100, pid=5, thread="0x7F01", frames=())
