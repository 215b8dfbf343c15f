"""What is said on standard error. Nobody's work fails, and no exit status changes, because it can't be heard."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def say_aside(stream: TextIO | None, text: str) -> None:
    """Write and flush; where that fails, what is said from now on goes nowhere."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _silence(stream.fileno())


def _silence(descriptor: int) -> None:
    """What is left in the stream's buffer would fail again at the interpreter's end, and change its status."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
