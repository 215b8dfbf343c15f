"""A few lines at the foot of a terminal, drawn again and again, that make room for whatever else is written there."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Callable, Sequence

from assay.cli.terminal.style import Line, paint
from assay.cli.terminal.width import cut
from assay.record.words.escape import plain

_MOVES = re.compile(rb"\x1b\[[0-9;:?<=>! ]*(?![mK])[@-~]|\x1b[^\[\]\\]")
"""Whatever is more than colour: who moves the cursor has the terminal for itself."""
_CARRIED_BYTES = 64
_LEAST_ROWS = 6


class Foot:
    """Lines below the cursor, which stays where the next output belongs.

    They are drawn only while that is the beginning of a line, and never again once a program has moved the cursor.
    """

    def __init__(self, descriptor: int, *, color: bool) -> None:
        self._descriptor, self._color = descriptor, color
        self._at_start, self._retired, self._drawn = True, False, False
        self._carried = b""

    def draw(self, lines: Callable[[int], Sequence[Line]]) -> None:
        """Draw these lines, made for the terminal's width, in place of the last ones."""
        if self._retired or not self._at_start or not self._is_ready():
            return
        columns, rows = self._size()
        if rows < _LEAST_ROWS:
            return
        texts = [self._painted(line, columns - 1) for line in lines(columns)[: rows - 2]]
        up = f"\x1b[{len(texts) - 1}A" if len(texts) > 1 else ""
        self._drawn = True
        self._write("\x1b[J" + "\r\n".join(texts) + "\r" + up)

    def give_way(self) -> None:
        """Take the lines away."""
        if self._drawn:
            self._drawn = False
            self._write("\x1b[J")

    def passed(self, data: bytes) -> None:
        """Note where the cursor is after this was written."""
        if data:
            self._at_start = data.endswith(b"\n")
            self._retired = self._retired or _MOVES.search(self._carried + data) is not None
            self._carried = (self._carried + data[-_CARRIED_BYTES:])[-_CARRIED_BYTES:]

    def _painted(self, line: Line, width: int) -> str:
        text = paint(line, color=False)
        return cut(text, width) if len(plain(text)) > width else paint(line, color=self._color)

    def _size(self) -> tuple[int, int]:
        try:
            return os.get_terminal_size(self._descriptor)
        except OSError:
            return (80, 24)

    def _is_ready(self) -> bool:
        """Whether writing would not wait: a terminal that was halted takes nothing."""
        return bool(select.select([], [self._descriptor], [], 0)[1])

    def _write(self, text: str) -> None:
        try:
            os.write(self._descriptor, text.encode(errors="replace"))
        except OSError:  # the terminal is gone
            self._retired = True
