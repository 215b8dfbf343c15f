from __future__ import annotations

import io
import os
import termios

import pytest

from assay.cli.terminal.console import Console, is_terminal, terminal_width
from assay.cli.terminal.style import Styled
from assay.errors import AssayError


def make_console(verbosity: str = "normal", *, color: bool = False) -> tuple[Console, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    console = Console(out=out, err=err, out_color=color, err_color=color, width=None, verbosity=verbosity)
    return console, out, err


def test_results_go_to_stdout_and_the_rest_to_stderr() -> None:
    console, out, err = make_console()
    console.print("result")
    console.note("beside it")
    assert (out.getvalue(), err.getvalue()) == ("result\n", "beside it\n")


@pytest.mark.parametrize(
    ("verbosity", "said"), [("quiet", "wrong\n"), ("normal", "note\nwrong\n"), ("verbose", "note\ndetail\nwrong\n")]
)
def test_verbosity_chooses_what_is_said_and_never_hides_a_complaint(verbosity: str, said: str) -> None:
    console, _, err = make_console(verbosity)
    console.note("note")
    console.detail("detail")
    console.complain("wrong")
    assert err.getvalue() == said


def test_everything_printed_is_escaped() -> None:
    console, out, err = make_console(color=True)
    console.print(("\x1b[2J", Styled("\x07", "red")))
    console.note("\x9b")
    console.json('{"a": "\x7f"}')
    assert out.getvalue() == '\\x1b[2J\x1b[31m\\x07\x1b[0m\n{"a": "\\u007f"}\n'
    assert err.getvalue() == "\\x9b\n"


def test_a_closed_stdout_is_an_error_with_a_remedy() -> None:
    console = Console(out=None, err=None, out_color=False, err_color=False, width=None)
    console.note("nobody hears this")
    with pytest.raises(AssayError, match=r"closed.*-o FILE"):
        console.print("result")


def test_a_file_is_no_terminal() -> None:
    stream = io.StringIO()
    assert not is_terminal(stream)
    stream.close()
    assert not is_terminal(stream)
    assert not is_terminal(None)


def test_the_width_is_the_terminal_s_unless_columns_says_otherwise() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as terminal, os.fdopen(master, "rb"):
        termios.tcsetwinsize(terminal.fileno(), (24, 123))
        assert terminal_width(terminal, {}) == 123
        assert terminal_width(terminal, {"COLUMNS": "60"}) == 60
        assert terminal_width(terminal, {"COLUMNS": "wide"}) == 123
        termios.tcsetwinsize(terminal.fileno(), (0, 0))
        assert terminal_width(terminal, {}) == 80
    assert terminal_width(io.StringIO(), {"COLUMNS": "60"}) is None
