"""Recording: appended rows reach a stream within a second, and full streams become Parquet in the background."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from assay.record.enums import SeriesKind
from assay.record.run import Series

if TYPE_CHECKING:
    from assay.store.spans.recording import Recording

FLUSH_S = 1.0
"""Longest time that an appended row waits before it survives the death of this process."""

_LEFT = ("*.arrows", "*.parquet", "spans/*.parquet")


class SeriesWriter:
    """Appends rows of one kind to a draft. Nothing is imported or created before the first row.

    Any thread may append. Rows are safe from a kill once flushed: after a second, or 64k rows, or ``flush()``.
    """

    KIND: ClassVar[SeriesKind]

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._recording: Recording | None = None
        self._stop = threading.Event()

    def append(self, **columns: Any) -> None:
        """Add rows: each column an array, or one value for all rows; names as text or as Arrow dictionaries.

        Errors of the background work come out of the next call.
        """
        with self._lock:
            if self._recording is None:
                self._recording = self._start()
            self._recording.append(columns)

    def flush(self) -> None:
        """Make everything appended so far safe from a kill."""
        with self._lock:
            if self._recording is not None:
                self._recording.flush()

    def finalise(self) -> tuple[Series, ...]:
        """Turn everything into Parquet; nothing may be appended afterwards. No rows, no files."""
        self._stop.set()
        with self._lock:
            return () if self._recording is None else self._recording.finalise()

    def close(self) -> None:
        """Give up: flush, and leave the streams for ``recover``."""
        self._stop.set()
        with self._lock:
            if self._recording is not None:
                self._recording.close()

    def _start(self) -> Recording:
        from assay.store.spans.recording import Recording  # pyarrow and numpy: only for runs that have rows

        recording = Recording(self._folder, self.KIND)
        threading.Thread(target=self._flush_regularly, name=f"assay-{self.KIND.value}", daemon=True).start()
        return recording

    def _flush_regularly(self) -> None:
        while not self._stop.wait(FLUSH_S):
            with self._lock:
                if not self._stop.is_set() and self._recording is not None:
                    self._recording.flush_quietly()


class SpanWriter(SeriesWriter):
    """Appends timed spans; columns as in ``record.arrow.SPANS``, and ``cpu_ns`` in place of ``off_cpu_ns``."""

    KIND = SeriesKind.SPANS


class SampleWriter(SeriesWriter):
    """Appends readings of sensors; columns as in ``record.arrow.SAMPLES``."""

    KIND = SeriesKind.SAMPLES


def recover(folder: Path) -> tuple[Series, ...]:
    """Finish what a killed draft left in ``folder``: every whole batch of its streams, as Parquet."""
    if not any(file for pattern in _LEFT for file in folder.glob(pattern)):
        return ()
    from assay.store.spans.finalise import finalise

    return finalise(folder)
