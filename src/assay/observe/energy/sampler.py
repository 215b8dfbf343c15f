"""Reads every meter at its deadlines, in a thread of its own, and knows what that cost and what it missed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

from msgspec import Struct

from assay.observe.energy.meter import Channel, Reader, Sensor
from assay.observe.energy.series import Series
from assay.record.base import Record

_FULL_EVERY_NS = 1_000_000_000
"""What keeps count by itself is read so often, and at every edge of a window."""
BURST_S = 0.002
"""Time between two readings where the edges of a window must be sharp."""


class Gap(Record, kw_only=True):
    """A stretch in which a device should have been read, and was not."""

    device: str
    """Id of the device."""
    start_ns: int
    """Last reading before it."""
    end_ns: int
    """First reading after it."""


class Metered(Struct):
    """One device's reader and what it has told so far."""

    reader: Reader
    series: tuple[Series, ...]
    sensors: list[Sensor]
    """How each channel's number comes about; periods are filled in once they are measured."""
    origin_ns: int = 0
    slot: int = -1
    due_ns: int = 0
    last_ns: int = 0
    full_ns: int = 0

    @property
    def channels(self) -> Sequence[Channel]:
        """The reader's channels."""
        return self.reader.channels


class Sampler:
    """Absolute deadlines: slot *k* of a reader begins *k* intervals after the first, however late the one before was.

    Inside its slot a reading falls at a random moment, so that no rhythm of the load can fall in with the readings.
    """

    def __init__(self, readers: Sequence[Reader], *, seed: int = 0) -> None:
        self.metered = tuple(
            Metered(
                reader=reader,
                series=tuple(Series() for _ in reader.channels),
                sensors=[channel.sensor for channel in reader.channels],
            )
            for reader in readers
        )
        self.gaps: list[Gap] = []
        self._seed = seed
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._over = False
        self._burst_until_ns = 0
        self._spent_ns = 0
        self._began_ns = time.perf_counter_ns()
        self._thread = threading.Thread(target=self._run, name="assay-energy", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._began_ns = time.perf_counter_ns()
        for one in self.metered:
            one.origin_ns = one.last_ns = self._began_ns
            self._plan(one, self._began_ns)
        if self.metered:
            self._thread.start()

    def stop(self) -> None:
        """End reading, and let go of the devices."""
        self._over = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        for one in self.metered:
            one.reader.close()

    def burst(self, seconds: float) -> None:
        """Read as often as is useful for some time from now on."""
        self._burst_until_ns = time.perf_counter_ns() + int(seconds * 1e9)
        self._wake.set()

    def read_now(self) -> None:
        """One reading of everything, made by the caller."""
        began_ns = time.thread_time_ns()
        with self._lock:
            for one in self.metered:
                self._read(one, full=True)
        self._spent_ns += time.thread_time_ns() - began_ns

    def cost(self) -> tuple[float, float]:
        """Processor time spent on reading so far, and the time it was spent in, in seconds."""
        return self._spent_ns / 1e9, (time.perf_counter_ns() - self._began_ns) / 1e9

    def _run(self) -> None:
        before_ns = time.thread_time_ns()
        while not self._over:
            now_ns = time.perf_counter_ns()
            in_burst = now_ns < self._burst_until_ns
            due = [one for one in self.metered if in_burst or now_ns >= one.due_ns]
            with self._lock:
                for one in due:
                    self._read(one, full=now_ns - one.full_ns > _FULL_EVERY_NS)
                    self._plan(one, time.perf_counter_ns())
            spent_ns = time.thread_time_ns()
            self._spent_ns += spent_ns - before_ns
            before_ns = spent_ns
            self._wake.wait(self._patience_s(in_burst=in_burst))
            self._wake.clear()

    def _patience_s(self, *, in_burst: bool) -> float:
        if in_burst:
            return BURST_S
        return max(0.0, (min(one.due_ns for one in self.metered) - time.perf_counter_ns()) / 1e9)

    def _read(self, one: Metered, *, full: bool) -> None:
        if full:
            one.full_ns = time.perf_counter_ns()
        for answer in one.reader.read(full=full):
            one.series[answer.channel].keep(answer)

    def _plan(self, one: Metered, now_ns: int) -> None:
        """The next slot; slots that went by without a reading are a gap."""
        interval_ns = int(one.reader.interval_s * 1e9)
        slot = (now_ns - one.origin_ns) // interval_ns
        if slot > one.slot + 2:
            self.gaps.append(Gap(device=one.reader.device.id, start_ns=one.last_ns, end_ns=now_ns))
        one.last_ns = now_ns
        one.slot = slot
        begin_ns = one.origin_ns + (slot + 1) * interval_ns
        # the same moment for all readers of one interval, so that they share a waking
        share = random.Random(self._seed + slot).random()  # noqa: S311 - spreads readings over time
        one.due_ns = begin_ns + int(share * interval_ns)
