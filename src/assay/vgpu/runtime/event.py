"""Events: instants of a stream, to wait for and to measure between."""

from __future__ import annotations

import weakref

from assay.vgpu.runtime.native import native


class Event:
    """An instant of a stream, on the device's clock. Recording it again forgets the recording before."""

    __slots__ = ("__weakref__", "_handle")

    def __init__(self) -> None:
        self._handle = native.event_open()
        weakref.finalize(self, native.event_close, self._handle).atexit = False

    @property
    def handle(self) -> int:
        """Its number in the native core."""
        return self._handle

    def happened(self) -> bool:
        """Whether the latest recording has happened; False where there is none."""
        return native.event_happened(self._handle)

    def synchronise(self) -> None:
        """Wait until it has. Raises ``ValueError`` for an event that was never recorded."""
        native.event_synchronise(self._handle)

    def time_ns(self) -> int:
        """When it happened, on the clock of ``time.perf_counter_ns``. Raises ``ValueError`` unless it has."""
        return native.event_time_ns(self._handle)


def elapsed_ns(start: Event, end: Event) -> int:
    """Nanoseconds of the device's clock from one event to another. Raises ``ValueError`` unless both have happened."""
    return native.event_elapsed_ns(start.handle, end.handle)
