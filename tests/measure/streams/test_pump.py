from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.measure.streams.output import CappedLog
from assay.measure.streams.pump import Echo, Pump


def _moved(pump: Pump, pipe: int, data: bytes, into: int) -> None:
    os.write(into, data)
    pump.move(pipe)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CappedLog]:
    made = CappedLog(tmp_path / "log")
    yield made
    made.close()


def test_what_is_moved_is_kept_and_passed_on(log: CappedLog) -> None:
    pipe, into = os.pipe()
    out, echoed = os.pipe()
    pump = Pump([pipe], [log], [Echo(echoed)])
    _moved(pump, pipe, b"some words", into)
    assert os.read(out, 100) == b"some words"
    os.close(into)
    pump.move(pipe)
    assert not pump.is_open
    for descriptor in (pipe, out, echoed):
        os.close(descriptor)


def test_a_reader_that_does_not_read_holds_the_target_up_and_nobody_else(log: CappedLog) -> None:
    pipe, into = os.pipe()
    out, echoed = os.pipe()
    pump = Pump([pipe], [log], [Echo(echoed)])
    moved = 0
    while pump.readable():
        _moved(pump, pipe, b"x" * 60_000, into)
        moved += 60_000
        assert moved < 10 << 20
    assert pump.waits_for_readers() == [echoed]
    read = 0
    while read < moved:
        read += len(os.read(out, 1 << 20))
        pump.pass_on()
    assert read == moved
    assert pump.readable() == [pipe]
    assert pump.waits_for_readers() == []
    for descriptor in (pipe, into, out, echoed):
        os.close(descriptor)


def test_where_nobody_reads_any_more_the_target_meets_a_closed_pipe(log: CappedLog) -> None:
    pipe, into = os.pipe()
    out, echoed = os.pipe()
    pump = Pump([pipe], [log], [Echo(echoed)])
    os.close(out)
    _moved(pump, pipe, b"unheard", into)
    assert not pump.is_open
    try:
        os.write(into, b"more")
    except BrokenPipeError:
        met = "closed pipe"
    else:
        met = "open pipe"
    assert met == "closed pipe"
    for descriptor in (pipe, into, echoed):
        os.close(descriptor)


def test_a_file_takes_everything_at_once(tmp_path: Path, log: CappedLog) -> None:
    pipe, into = os.pipe()
    with (tmp_path / "copy").open("wb") as file:
        pump = Pump([pipe], [log], [Echo(file.fileno())])
        _moved(pump, pipe, b"y" * 50_000, into)
    assert (tmp_path / "copy").stat().st_size == 50_000
    os.close(pipe)
    os.close(into)
