"""The instruments, on the machine the tests run on."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from assay.observe.doctor import Instruments
from assay.observe.doctor.instruments import connect, program_at, read_clock, space_at, store_location


@pytest.mark.parametrize("name", ["monotonic", "thread"])
def test_a_clock_advances_and_costs_something(name: str) -> None:
    reading = read_clock(name)
    assert reading.step_ns > 0
    assert reading.cost_ns > 0


def test_a_socket_that_listens_answers_and_others_give_their_error(tmp_path: Path) -> None:
    place = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen(1)
        assert connect(place) is None
    refused, absent, long = connect(place), connect(str(tmp_path / "none")), connect("/" + "x" * 300)
    assert refused is not None
    assert refused.errno == errno.ECONNREFUSED
    assert absent is not None
    assert absent.errno == errno.ENOENT
    assert isinstance(long, OSError)


def test_space_is_that_of_the_nearest_folder_and_nothing_is_made(tmp_path: Path) -> None:
    space = space_at(tmp_path / "not/yet/there")
    assert space.writable
    assert space.free_bytes > 0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    assert not space_at(tmp_path / "file/below").writable


def test_a_program_beside_the_interpreter_is_found_before_others() -> None:
    assert program_at(Path(sys.executable).name) == sys.executable
    assert program_at("no-such-program-anywhere") is None


def test_the_store_is_the_one_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_STORE", "/data/runs")
    assert store_location() == "/data/runs"


def test_settings_that_are_broken_give_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_COLOR", "mauve")
    assert store_location() == ""


def test_root_is_who_has_number_zero() -> None:
    assert Instruments().is_root() is (os.geteuid() == 0)
