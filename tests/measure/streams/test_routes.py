from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator

import pytest

from assay.measure.streams.pump import Pump
from assay.measure.streams.routes import Resizing, Route, Size, Streams, open_routes, size_of


@pytest.fixture
def terminal() -> Iterator[int]:
    """The near end of a terminal of 30 rows."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (30, 100))
    yield theirs
    os.close(ours)
    os.close(theirs)


def _close(routes: list[Route]) -> None:
    for route in routes:
        os.close(route.ours)
        os.close(route.theirs)


@pytest.mark.parametrize(
    ("streams", "terminals", "expected"),
    [
        (Streams.UNTOUCHED, (Size(1, 1), None), []),
        (Streams.CAPTURED, (None, None), [((1,), False), ((2,), False)]),
        (Streams.CAPTURED, (Size(24, 80), None), [((1,), True), ((2,), False)]),
        (Streams.SHARED, (None, Size(24, 80)), [((2,), True)]),
        (Streams.SHARED, (Size(24, 80), Size(24, 80)), [((1, 2), True)]),
        (Streams.SHARED, (None, None), []),
    ],
)
def test_each_stream_takes_the_way_that_its_reader_needs(
    streams: Streams, terminals: tuple[Size | None, Size | None], expected: list[tuple[tuple[int, ...], bool]]
) -> None:
    routes = open_routes(streams, terminals)
    found = [(route.streams, os.isatty(route.theirs)) for route in routes]
    _close(routes)
    assert found == expected


class _Kept:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


def test_a_terminal_of_ours_changes_no_byte_and_has_the_right_size() -> None:
    (route,) = open_routes(Streams.SHARED, (Size(31, 99), None))
    code = "import os, sys; print(os.isatty(1), *os.get_terminal_size(1)); sys.stdout.write('a\\tb\\rc\\n\\x04\\x03')"
    subprocess.run([sys.executable, "-c", code], stdout=route.theirs, check=True)
    os.close(route.theirs)
    kept = _Kept()
    pump = Pump([route.ours], [kept])
    while pump.is_open:
        pump.move(route.ours)
    os.close(route.ours)
    assert kept.data == b"True 99 31\na\tb\rc\n\x04\x03"


def test_what_is_no_terminal_has_no_size(terminal: int) -> None:
    reader, writer = os.pipe()
    assert (size_of(writer), size_of(None), size_of(terminal)) == (None, None, Size(30, 100))
    os.close(reader)
    os.close(writer)


def test_a_new_size_is_handed_on_once_and_the_target_is_told(terminal: int) -> None:
    routes = open_routes(Streams.SHARED, (Size(30, 100), None))
    code = "import os, signal; signal.signal(signal.SIGWINCH, lambda *_: os.write(1, b'told\\n')); os.write(1, b'1\\n')"
    target = subprocess.Popen(
        [sys.executable, "-c", f"{code}\nwhile True: signal.pause()"], stdout=subprocess.PIPE, process_group=0
    )
    assert target.stdout is not None
    assert target.stdout.readline() == b"1\n"
    resizing = Resizing(routes, (terminal, None), target.pid)
    assert resizing.is_needed
    resizing.look(0)
    termios.tcsetwinsize(terminal, (40, 120))
    resizing.look(0)
    assert target.stdout.readline() == b"told\n"
    assert size_of(routes[0].theirs) == Size(40, 120)
    target.send_signal(signal.SIGKILL)
    target.communicate()
    resizing.look(0)
    _close(routes)


def test_without_a_terminal_of_ours_there_is_no_size_to_follow() -> None:
    routes = open_routes(Streams.CAPTURED, (None, None))
    assert not Resizing(routes, (1, 2), 1).is_needed
    _close(routes)
