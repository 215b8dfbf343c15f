"""Devices whose numbers stand in files of the kernel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assay.observe.energy.meter import Answer, Channel, Fault, MeteredDevice, Quantity

_LONGEST = 64


class Kept(NamedTuple):
    """One channel and the file it stands in."""

    channel: Channel
    file: Path
    units: float
    """How many of the file's units are one of the channel's."""


class FileReader:
    """Reads one device's files; each is opened anew, so that a change of rights is seen."""

    def __init__(self, device: MeteredDevice, kept: Sequence[Kept], interval_s: float = 0.1) -> None:
        self.device = device
        self.channels = tuple(one.channel for one in kept)
        self.interval_s = interval_s
        powers = [one.sensor.window_s for one in self.channels if one.quantity is Quantity.POWER]
        self.tail_s = max(powers, default=0.0) + 0.02 if _counts(self.channels) else max(powers, default=0.0) + 0.5
        self._kept = tuple(kept)

    def read(self, *, full: bool = True) -> list[Answer]:  # noqa: ARG002 -- there is nothing that could be left out
        """Every file's number now."""
        return [_answer(place, one) for place, one in enumerate(self._kept)]

    def close(self) -> None:
        """Nothing is held open."""


def number_in(file: Path) -> int | Fault:
    """The whole number a file holds, or why there is none; read once more where it was just being written."""
    for _ in range(2):
        try:
            text = file.read_bytes()[:_LONGEST].strip()
        except OSError as error:
            return Fault(_why(file, error))
        if text:
            return int(text) if text.isdigit() else Fault(f"{file} holds no number")
    return Fault(f"{file} is empty")


def _answer(place: int, one: Kept) -> Answer:
    before_ns = time.perf_counter_ns()
    number = number_in(one.file)
    after_ns = time.perf_counter_ns()
    return Answer(place, before_ns, after_ns, number if isinstance(number, Fault) else number / one.units)


def _why(file: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to read {file}; run assay doctor"
    if isinstance(error, FileNotFoundError):
        return f"{file} does not exist"
    return f"{file} can't be read: {error.strerror or error}"


def _counts(channels: Sequence[Channel]) -> bool:
    return any(channel.quantity is Quantity.ENERGY for channel in channels)
