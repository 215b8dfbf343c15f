"""Recording a trace: ``with record("run.trace") as trace: ...``, and steps stamped by the thread that does the work."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from assay import __version__
from assay.record.enums import Phase
from assay.record.ids import new_ulid
from assay.record.trace.columns import TRACE
from assay.record.trace.lines import REQUEST, Provenance, TraceClock, TraceHeader
from assay.trace.format.writer import TraceWriter, open_writer
from assay.trace.recording.choose import open_ring
from assay.trace.recording.facts import Facts
from assay.trace.recording.ring import NONE, Ring, Stamps
from assay.vgpu.core import active

FLUSH_S = 0.5
"""Longest time that a stamp waits before it survives the death of this process."""
SHOWN_S = 0.1
"""The same where somebody watches."""
ROWS_PER_THREAD = 1 << 16

_DEVICE = "cpu:0"
_NOTHING = (NONE, NONE, NONE)
_NAMED = ("step", "phase", "op", "device")
_COUNTED = ("layer", "token", "invocation", "sequence", "tokens", "flops", "read_bytes", "written_bytes", "kv_bytes")
_PLACES = ("thread", *_COUNTED)


class Recorder:
    """One recording. Any thread may stamp; the file is written beside the work, twice a second."""

    def __init__(self, path: str | Path, facts: Facts, seen: Callable[[pa.RecordBatch], None] | None = None) -> None:
        self._seen = seen
        self._ring: Ring = open_ring(ROWS_PER_THREAD, cpu_time=facts.cpu_time)
        try:
            self._writer: TraceWriter = open_writer(Path(path), _header(facts, self._ring))
        except BaseException:
            self._ring.close()
            raise
        self._dropped = 0
        self._invocations = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._cpu = facts.cpu_time
        self._thread = threading.Thread(target=self._drain_regularly, name="assay-trace", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def request(self, sequence: int | None = None) -> Request:
        """One request, from its arrival to its last token: ``with trace.request() as request: ...``."""
        with self._lock:
            number = self._invocations
            self._invocations += 1
        return Request(self._ring, number, NONE if sequence is None else sequence, cpu=self._cpu)

    def step(self, step: str, layer: int = NONE, *, op: str | None = None) -> Span:
        """A step that belongs to no request, as a context manager."""
        name = self._ring.name
        what = (name(step), name(Phase.NONE), NONE if op is None else name(op), name(_DEVICE))
        return Span(self._ring, what, (layer, NONE, NONE, NONE), cpu=self._cpu and op is None)

    def flush(self) -> None:
        """Make everything stamped so far safe from a kill."""
        with self._lock:
            stamps = self._ring.drain()
            if len(stamps):
                batch = batch_of(stamps)
                self._writer.write(batch)
                if self._seen is not None:
                    self._seen(batch)
            self._writer.drop(stamps.dropped - self._dropped)
            self._dropped = stamps.dropped

    def close(self) -> None:
        """Write what is left, and the last line; errors of the work beside come out here."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._ring.close()
        self.flush()
        self._writer.close(self._ring.error_ns())
        if self._error is not None:
            raise self._error

    def _drain_regularly(self) -> None:
        while not self._stop.wait(FLUSH_S if self._seen is None else SHOWN_S):
            try:
                self.flush()
            except Exception as error:  # noqa: BLE001 -- told to the caller of close()
                self._error = self._error or error


class Span:
    """One step being timed. What is counted may be set before its end."""

    __slots__ = ("_cpu", "_cpu_start", "_ring", "_start", "_what", "_where", "kv_bytes", "tokens", "work")

    def __init__(self, ring: Ring, what: tuple[int, int, int, int], where: tuple[int, int, int, int], *, cpu: bool):
        self._ring, self._cpu = ring, cpu
        self._what, self._where = what, where
        self.work = _NOTHING
        """Arithmetic operations, bytes read, bytes written."""
        self.tokens = NONE
        """Tokens worked on at once."""
        self.kv_bytes = NONE
        """Keys and values held afterwards."""

    def __enter__(self) -> Self:
        if self._cpu:
            self._cpu_start = time.thread_time_ns()
        self._start = self._ring.now()
        return self

    def __exit__(self, *_: object) -> None:
        ring = self._ring
        end = ring.now()
        cpu_ns = time.thread_time_ns() - self._cpu_start if self._cpu else NONE
        ring.keep(self._start, end, cpu_ns, *self._what, *self._where, self.tokens, *self.work, self.kv_bytes)

    def hand_over(self, following: Span) -> None:
        """End, and begin the following step at the same instant: one reading of the clocks serves both."""
        ring = self._ring
        now = ring.now()
        cpu_now = time.thread_time_ns() if self._cpu or following._cpu else 0
        following._start, following._cpu_start = now, cpu_now
        cpu_ns = cpu_now - self._cpu_start if self._cpu else NONE
        ring.keep(self._start, now, cpu_ns, *self._what, *self._where, self.tokens, *self.work, self.kv_bytes)


class Request(Span):
    """One request: the span around its steps, and the maker of these."""

    __slots__ = ("_device", "number")

    def __init__(self, ring: Ring, number: int, sequence: int, *, cpu: bool) -> None:
        self._device = ring.name(_DEVICE)
        what = (ring.name(REQUEST), ring.name(Phase.NONE), NONE, self._device)
        super().__init__(ring, what, (NONE, NONE, number, sequence), cpu=cpu)
        self.number = number
        """Its number, counted from 0."""

    def step(
        self, step: str, layer: int = NONE, token: int = NONE, *, phase: str = Phase.NONE, op: str | None = None
    ) -> Span:
        """A step of the request, or with ``op`` a part of one, as a context manager."""
        name, (_, _, number, sequence) = self._ring.name, self._where
        what = (name(step), name(phase), NONE if op is None else name(op), self._device)
        return Span(self._ring, what, (layer, token, number, sequence), cpu=self._cpu and op is None)


def record(
    path: str | Path, facts: Facts | None = None, seen: Callable[[pa.RecordBatch], None] | None = None
) -> Recorder:
    """A recording into a file; its ending chooses the form: ``.jsonl``, ``.json``, ``.trace`` or ``.parquet``.

    ``seen`` is shown what was written, ten times a second, by the thread that writes.
    """
    return Recorder(path, facts or Facts(), seen)


def batch_of(stamps: Stamps) -> pa.RecordBatch:
    """Drained stamps as events, oldest end first as they were kept."""
    given, rows = stamps.columns, len(stamps)
    wall_ns = np.maximum(given["end_ns"] - given["start_ns"], 0)
    cpu_ns = np.minimum(given["cpu_ns"], wall_ns)  # its clock is read outside of the stamps
    names = pa.array(stamps.names, pa.string())
    made: dict[str, pa.Array] = {
        "start_ns": pa.array(given["start_ns"]),
        "wall_ns": pa.array(wall_ns),
        "off_cpu_ns": pa.array(wall_ns - cpu_ns, mask=cpu_ns < 0),
    }
    for name in _NAMED:
        made[name] = pa.DictionaryArray.from_arrays(pa.array(given[name].astype(np.int32), mask=given[name] < 0), names)
    for name in _PLACES:
        made[name] = pa.array(given[name], mask=given[name] < 0).cast(TRACE.field(name).type)
    columns = [made.get(field.name, pa.nulls(rows, field.type)) for field in TRACE]
    return pa.RecordBatch.from_arrays(columns, schema=TRACE)


def _header(facts: Facts, ring: Ring) -> TraceHeader:
    clock = TraceClock(source=ring.source, start_ns=time.perf_counter_ns(), utc_ns=time.time_ns())
    timed = [Provenance(column=name, origin="measured", by=ring.source) for name in ("start_ns", "wall_ns")]
    if facts.cpu_time:
        timed.append(Provenance(column="off_cpu_ns", origin="measured", by="CLOCK_THREAD_CPUTIME_ID"))
    return TraceHeader(
        assay=__version__,
        session=facts.session or new_ulid(),
        build=facts.build,
        backend=facts.backend,
        model=facts.model,
        precision=facts.precision,
        threads=facts.threads,
        weight_bytes=facts.weight_bytes,
        machine=facts.machine or _this_machine(),
        clock=clock,
        columns=tuple(name for name in TRACE.names if name not in ("kernel", "depth", "origin")),
        provenance=(*timed, *facts.provenance),
    )


def _this_machine() -> str:
    """Fingerprint that this machine's ceilings are kept under; empty without the native core, which measures them."""
    if not hasattr(active, "workers"):
        return ""
    from assay.vgpu.ceilings.machine import machine_fingerprint

    return machine_fingerprint()
