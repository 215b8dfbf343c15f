from __future__ import annotations

import io

import pytest

from assay.cli.terminal.progress import Progress, progress_mode


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_short_work_shows_nothing() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("reading", stream, "terminal", clock=clock) as progress:
        clock.now = 0.4
        progress.update(1, 2)
    assert stream.getvalue() == ""


def test_long_work_shows_one_line_on_a_terminal_and_wipes_it() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("reading", stream, "terminal", clock=clock) as progress:
        clock.now = 0.6
        progress.update(1, 4, "a\x1b[2Jb")
        progress.update(2, 4)
    assert stream.getvalue() == "\rreading: 1 of 4 (25 %)  a\\x1b[2Jb\x1b[K\r\x1b[K"


def test_a_line_is_never_wider_than_the_terminal() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("reading", stream, "terminal", width=20, clock=clock) as progress:
        clock.now = 1
        progress.update(1, None, "x" * 100)
    drawn = stream.getvalue().removeprefix("\r").partition("\x1b")[0]
    assert len(drawn) == 19
    assert drawn.endswith("…")


def test_ci_gets_one_line_per_half_minute() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("reading", stream, "ci", clock=clock) as progress:
        for second in range(100):
            clock.now = second
            progress.update(second, 100)
    assert stream.getvalue().splitlines() == [f"reading: {at} of 100 ({at} %)" for at in (30, 60, 90)]


def test_items_are_counted_as_they_are_taken() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("reading", stream, "ci", clock=clock) as progress:
        clock.now = 31
        assert list(progress.over("ab")) == ["a", "b"]
    assert stream.getvalue() == "reading: 0\n"


@pytest.mark.parametrize(
    ("setting", "verbosity", "variables", "on_terminal", "mode"),
    [
        ("auto", "normal", {}, True, "terminal"),
        ("auto", "normal", {"TERM": "dumb"}, True, "never"),
        ("auto", "normal", {"CI": "true"}, False, "ci"),
        ("auto", "normal", {}, False, "never"),
        ("auto", "quiet", {"CI": "true"}, True, "never"),
        ("never", "verbose", {"CI": "true"}, True, "never"),
    ],
)
def test_progress_shows_where_somebody_may_look(
    setting: str, verbosity: str, variables: dict[str, str], on_terminal: bool, mode: str
) -> None:
    assert progress_mode(setting, verbosity, variables, on_terminal=on_terminal) == mode
