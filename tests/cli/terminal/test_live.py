from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator

import pytest

from assay.cli.terminal.live import Foot
from assay.cli.terminal.style import Styled


class Terminal:
    """A terminal, and what was written to it."""

    def __init__(self) -> None:
        self.ours, self.theirs = pty.openpty()
        termios.tcsetwinsize(self.theirs, (24, 40))
        attributes = termios.tcgetattr(self.theirs)
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(self.theirs, termios.TCSANOW, attributes)
        os.set_blocking(self.ours, False)

    def written(self) -> bytes:
        """What was written since the last call."""
        try:
            return os.read(self.ours, 1 << 16)
        except BlockingIOError:
            return b""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal of 24 rows and 40 columns."""
    one = Terminal()
    yield one
    os.close(one.ours)
    os.close(one.theirs)


def test_lines_are_drawn_below_the_cursor_which_goes_back_to_where_it_was(terminal: Terminal) -> None:
    foot = Foot(terminal.theirs, color=False)
    foot.draw(lambda columns: ["one", f"{columns} columns", "x" * 60])
    assert terminal.written() == b"\x1b[Jone\r\n40 columns\r\n" + b"x" * 38 + "…".encode() + b"\r\x1b[2A"


def test_output_finds_the_lines_taken_away_and_they_come_back_at_the_next_start_of_a_line(terminal: Terminal) -> None:
    foot = Foot(terminal.theirs, color=False)
    foot.draw(lambda _: ["one"])
    terminal.written()
    foot.give_way()
    assert terminal.written() == b"\x1b[J"
    foot.give_way()
    foot.passed(b"half a li")
    foot.draw(lambda _: ["one"])
    assert terminal.written() == b""
    foot.passed(b"ne\n")
    foot.draw(lambda _: ["one"])
    assert b"one" in terminal.written()


@pytest.mark.parametrize(
    ("output", "stays"),
    [
        ([b"\x1b[31mred\x1b[0m\n"], True),
        ([b"\x1b[", b"1mbold\x1b[m\n"], True),
        ([b"\x1b[K\n"], True),
        ([b"\x1b]0;a title\x1b\\\n"], True),
        ([b"\x1b[?1049h\n"], False),
        ([b"two bars\n\x1b[A\n"], False),
        ([b"\x1b", b"[2J\n"], False),
        ([b"\x1bM\n"], False),
    ],
)
def test_who_moves_the_cursor_has_the_terminal_for_itself(output: list[bytes], stays: bool, terminal: Terminal) -> None:
    foot = Foot(terminal.theirs, color=False)
    for piece in output:
        foot.passed(piece)
    foot.draw(lambda _: ["one"])
    assert (b"one" in terminal.written()) is stays


def test_names_can_not_write_to_the_terminal(terminal: Terminal) -> None:
    Foot(terminal.theirs, color=True).draw(lambda _: [("\x1b[2Jevil", Styled("x", "red"))])
    written = terminal.written()
    assert b"\x1b[2J" not in written
    assert b"\x1b[31mx" in written


def test_in_a_terminal_of_few_rows_nothing_is_drawn(terminal: Terminal) -> None:
    termios.tcsetwinsize(terminal.theirs, (4, 40))
    Foot(terminal.theirs, color=False).draw(lambda _: ["one"])
    assert terminal.written() == b""


def test_a_terminal_that_is_gone_is_no_failure(terminal: Terminal) -> None:
    foot = Foot(terminal.theirs, color=False)
    foot.draw(lambda _: ["one"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, terminal.theirs)
    os.close(nothing)
    foot.give_way()
    foot.draw(lambda _: ["two"])
    assert b"two" not in terminal.written()
