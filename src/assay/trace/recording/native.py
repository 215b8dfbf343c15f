"""The ring of the native core: a thread writes its stamps without a lock, and anybody drains them."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.errors import UsageError
from assay.trace.recording.ring import Numbers, Stamps

_WIDE = ("start_ns", "end_ns", "cpu_ns", "flops", "read_bytes", "written_bytes", "kv_bytes")
_NARROW = ("thread", "step", "phase", "op", "device", "layer", "token", "invocation", "sequence", "tokens")


class NativeRing:
    """Rings of all threads. There is one recording at a time in a process, since native steps know of no other."""

    def __init__(self, native: Any, rows_per_thread: int, *, cpu_time: bool) -> None:
        try:
            native.trace_start(rows_per_thread, cpu_time)
        except ValueError as error:
            raise UsageError(str(error).replace("trace_start: ", ""), remedy="record one trace at a time") from error
        self._native = native
        self.source: str = native.trace_source()
        self.now = native.trace_ticks
        self.keep = native.trace_keep
        self._names: dict[str, int] = {}
        self._error_ns: float | None = None

    def name(self, text: str) -> int:
        """The place of a name."""
        place = self._names.get(text)
        if place is None:
            place = self._names[text] = self._native.trace_name(text)
        return place

    def drain(self) -> Stamps:
        """Take what was kept."""
        dropped, self._error_ns, names, wide, narrow = self._native.trace_drain()
        columns: dict[str, Numbers] = {
            **{name: np.frombuffer(data, np.int64) for name, data in zip(_WIDE, wide, strict=True)},
            **{name: np.frombuffer(data, np.int32) for name, data in zip(_NARROW, narrow, strict=True)},
        }
        return Stamps(dropped, names, columns)

    def error_ns(self) -> float | None:
        """What the mapping of ticks can't tell apart; None where nothing was mapped."""
        return self._error_ns if self.source == "tsc" else None

    def close(self) -> None:
        """Keep nothing more."""
        self._native.trace_stop()
