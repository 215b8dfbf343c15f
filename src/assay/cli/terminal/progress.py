"""Progress of long work on standard error: a line that is redrawn on a terminal, a line every 30 s in CI."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TextIO, TypeVar

from assay.cli.terminal.aside import say_aside
from assay.cli.terminal.width import cut
from assay.record.words.escape import plain

FIRST_AFTER_S = 0.5
REDRAW_AFTER_S = 0.1
CI_LINE_AFTER_S = 30.0

Item = TypeVar("Item")


class Progress:
    """Shows how far something is. Whoever finishes within half a second sees nothing.

    >>> with Progress("checking", None, "never") as progress:
    ...     progress.update(3, 10)
    """

    def __init__(
        self,
        what: str,
        stream: TextIO | None,
        mode: str,
        *,
        width: int = 80,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._stream, self.mode = what, stream, mode
        self._width, self._clock = width, clock
        wait_s = FIRST_AFTER_S if mode == "terminal" else CI_LINE_AFTER_S
        self._next_at = clock() + wait_s
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._drawn and self.mode == "terminal":
            self._write("\r\x1b[K")

    def update(self, done: int, total: int | None = None, detail: str = "") -> None:
        """Say how far it is; cheap enough to be called for every item."""
        if self.mode == "never" or self._clock() < self._next_at:
            return
        text = cut(plain(f"{self._what}: {_amount(done, total)}{f'  {detail}' if detail else ''}"), self._width - 1)
        on_terminal = self.mode == "terminal"
        self._next_at = self._clock() + (REDRAW_AFTER_S if on_terminal else CI_LINE_AFTER_S)
        self._drawn = True
        self._write(f"\r{text}\x1b[K" if on_terminal else f"{text}\n")

    def over(self, items: Sequence[Item] | Iterable[Item], total: int | None = None) -> Iterator[Item]:
        """The items, counted as they are taken."""
        for done, item in enumerate(items):
            self.update(done, total)
            yield item

    def _write(self, text: str) -> None:
        say_aside(self._stream, text)


def progress_mode(setting: str, verbosity: str, variables: Mapping[str, str], *, on_terminal: bool) -> str:
    """``terminal``, ``ci`` or ``never``."""
    if setting == "never" or verbosity == "quiet":
        return "never"
    if on_terminal and variables.get("TERM") != "dumb":
        return "terminal"
    return "ci" if variables.get("CI") else "never"


def _amount(done: int, total: int | None) -> str:
    if not total:
        return f"{done:,}"
    return f"{done:,} of {total:,} ({100 * done // total} %)"
