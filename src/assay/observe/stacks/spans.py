"""Stacks out of py-spy's trace: it holds beginnings and ends of frames, which become samples on its grid again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

import msgspec

from assay.observe.stacks.tree import Frame

_PIECE_BYTES = 1 << 20
_BETWEEN = b'},{"args":'
"""Where one event ends and the next begins; inside a text its quotes would be escaped."""
_PROCESS = re.compile(r"process (\d+):")
_THREAD = re.compile(r"thread \((0x[0-9A-Fa-f]+|\d+)\)")
MOST_FRAMES = 4096
"""Frames of one stack that are kept, outermost first; a recursion deeper than that is cut."""


class _Place(msgspec.Struct, frozen=True):
    filename: str = ""
    line: int = 0


class Event(msgspec.Struct, frozen=True):
    """A frame begins (``B``) or ends (``E``) on a thread."""

    name: str
    ph: str
    pid: int
    tid: int
    ts: int
    args: _Place = _Place()


class Sample(msgspec.Struct, frozen=True):
    """One thread's stack at one moment."""

    time_us: int
    """Since the trace began."""
    pid: int
    thread: str
    """The thread as py-spy numbers it: the kernel's number, or in hexadecimal the C library's where that is unknown."""
    frames: tuple[Frame, ...]
    """Outermost first."""


def read_events(file: IO[bytes]) -> Iterator[Event]:
    """The events of a trace file, read in pieces; a file that was cut gives those before the cut."""
    decoder = msgspec.json.Decoder(list[Event])
    rest = file.read(1).replace(b"[", b"")
    while piece := file.read(_PIECE_BYTES):
        text = rest + piece
        cut = text.rfind(_BETWEEN)
        if cut < 0:
            rest = text
            continue
        yield from decoder.decode(b"[" + text[: cut + 1] + b"]")
        rest = text[cut + 2 :]
    last = rest.rstrip().removesuffix(b"]")
    if last.endswith(b"}"):
        yield from _last(decoder, last)


def _last(decoder: msgspec.json.Decoder[list[Event]], text: bytes) -> Iterable[Event]:
    try:
        return decoder.decode(b"[" + text + b"]")
    except msgspec.DecodeError:  # cut inside the last event
        return ()


class _Thread:
    """What is open on one thread."""

    def __init__(self) -> None:
        self.open: list[Event] = []
        self.since_us = 0

    def sample(self, time_us: int) -> Sample | None:
        pid, thread, first = 0, "", 0
        for depth, event in enumerate(self.open[:2]):
            if not event.args.filename and (found := _PROCESS.match(event.name)):
                pid, first = int(found.group(1)), depth + 1
            elif not event.args.filename and (found := _THREAD.match(event.name)):
                thread, first = found.group(1), depth + 1
        if not thread:
            return None
        frames = tuple(_frame(event) for event in self.open[first : first + MOST_FRAMES])
        return Sample(time_us=time_us, pid=pid or self.open[0].pid, thread=thread, frames=frames)


def _frame(event: Event) -> Frame:
    return Frame(function=event.name, file=event.args.filename, line=event.args.line)


def samples_of(
    events: Iterable[Event], *, period_us: int, known_end: Callable[[int, str], int | None] = lambda _pid, _thread: None
) -> Iterator[Sample]:
    """One sample per thread and period between two changes of its stack.

    py-spy ends a thread only where its whole trace ends: ``known_end`` may say when, in the trace's time, a thread
    was last there.
    """
    threads: dict[tuple[int, int], _Thread] = {}
    for event in events:
        thread = threads.setdefault((event.pid, event.tid), _Thread())
        if thread.open and event.ts > thread.since_us:
            yield from _between(thread, event.ts, period_us, known_end)
        thread.since_us = event.ts
        if event.ph == "B":
            thread.open.append(event)
        elif thread.open:
            thread.open.pop()


def _between(
    thread: _Thread, until_us: int, period_us: int, known_end: Callable[[int, str], int | None]
) -> Iterator[Sample]:
    sample = thread.sample(thread.since_us)
    if sample is None:
        return
    end_us = known_end(sample.pid, sample.thread)
    # py-spy keeps its grid only roughly: a sample late by under half a period is not two
    last_us = until_us - period_us // 2
    last_us = last_us if end_us is None else min(last_us, end_us + 1)
    for time_us in range(thread.since_us, max(last_us, thread.since_us + 1), period_us):
        yield msgspec.structs.replace(sample, time_us=time_us)
