"""Where output goes: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from assay.cli.terminal.aside import say_aside
from assay.cli.terminal.style import Line, Piece, paint, wants_color
from assay.cli.terminal.table import Column, table_lines
from assay.errors import AssayError
from assay.record.words.escape import plain_json

_USUAL_WIDTH = 80


@dataclass(frozen=True, kw_only=True)
class Console:
    """The two streams, and what they can show."""

    out: TextIO | None
    err: TextIO | None
    out_color: bool
    err_color: bool
    width: int | None
    """Columns of the terminal that results go to; None where they don't go to one."""
    verbosity: str = "normal"

    def print(self, *lines: Line) -> None:
        """Write lines of the result."""
        self.write("".join(f"{paint(line, color=self.out_color)}\n" for line in lines))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Piece]]) -> None:
        """Write a table of the result."""
        self.print(*table_lines(columns, rows, self.width))

    def json(self, document: str) -> None:
        """Write a JSON document of the result."""
        self.write(plain_json(document).rstrip("\n") + "\n")

    def note(self, *lines: Line) -> None:
        """Say something beside the result, unless all is to be quiet."""
        if self.verbosity != "quiet":
            self._say(lines)

    def detail(self, *lines: Line) -> None:
        """Say what only ``--verbose`` asks for."""
        if self.verbosity == "verbose":
            self._say(lines)

    def complain(self, *lines: Line) -> None:
        """Say what is wrong; ``--quiet`` does not hide it."""
        self._say(lines)

    def write(self, text: str) -> None:
        """Write text that is already safe to standard output."""
        if self.out is None:
            raise AssayError(
                "it is closed, so there is nowhere to write", where="standard output", remedy="use -o FILE"
            )
        self.out.write(text)

    def _say(self, lines: Iterable[Line]) -> None:
        say_aside(self.err, "".join(f"{paint(line, color=self.err_color)}\n" for line in lines))


def make_console(color: str, verbosity: str, variables: Mapping[str, str] | None = None) -> Console:
    """The console of this process."""
    environment = os.environ if variables is None else variables
    return Console(
        out=sys.stdout,
        err=sys.stderr,
        out_color=wants_color(color, environment, on_terminal=is_terminal(sys.stdout)),
        err_color=wants_color(color, environment, on_terminal=is_terminal(sys.stderr)),
        width=terminal_width(sys.stdout, environment),
        verbosity=verbosity,
    )


def terminal_width(stream: TextIO | None, variables: Mapping[str, str]) -> int | None:
    """Columns of the terminal behind a stream, which COLUMNS may correct; None where it is none."""
    if stream is None or not is_terminal(stream):
        return None
    stated = variables.get("COLUMNS", "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated)
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person may be looking at it."""
    return stream is not None and not stream.closed and stream.isatty()
