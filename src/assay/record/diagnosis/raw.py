"""Arrow schemas of what collectors keep of a running command: streams of rows, readable up to the last flush.

Counters are cumulative since the start of their process or thread, as the kernel keeps them; a null was not readable.
What a row means for the diagnosis is the analysis' business: a collector writes down, it never interprets.
"""

from __future__ import annotations

import pyarrow as pa

from assay.record.base import Record, RelativePath, Text

VERSION = "1.0"
"""Version of all raw tables; a new column raises the minor number, any other change the major."""

NAMES = pa.dictionary(pa.int32(), pa.string())
"""Type of a column of few distinct names."""


def _column(name: str, kind: pa.DataType, meaning: str, *, required: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=not required, metadata={"meaning": meaning})


def _schema(kind: str, *columns: pa.Field) -> pa.Schema:
    return pa.schema(columns, metadata={"assay.raw": kind, "assay.raw_version": VERSION})


_TIME = _column("time_ns", pa.int64(), "When it was read, CLOCK_MONOTONIC.", required=True)
_PID = _column("pid", pa.int32(), "Process.", required=True)
_TID = _column("tid", pa.int32(), "Thread, as the kernel numbers it.", required=True)

THREADS = _schema(
    "threads",
    _TIME,
    _PID,
    _TID,
    _column("state", NAMES, "State letter of the kernel: R, S, D, T, Z …", required=True),
    _column("cpu_ns", pa.int64(), "Time on a processor."),
    _column("delay_ns", pa.int64(), "Time runnable, but waiting for a processor."),
    _column("call", pa.int16(), "Number of the system call it sleeps in; -1 while it runs."),
    _column("object", NAMES, "What the call works on: a path, tcp:…, unix, pipe, futex:<address>@<mapping>, …"),
    _column("timed", pa.bool_(), "Whether the sleeping call has a time limit."),
    _column("wait", NAMES, "Kernel function it sleeps in."),
)
"""One row per thread and look."""

PROCESSES = _schema(
    "processes",
    _TIME,
    _PID,
    _column("state", NAMES, "State letter of the kernel.", required=True),
    _column("threads", pa.int32(), "Threads.", required=True),
    _column("user_ns", pa.int64(), "CPU time in user mode, all threads.", required=True),
    _column("system_ns", pa.int64(), "CPU time in the kernel, all threads.", required=True),
    _column("children_user_ns", pa.int64(), "User time of children that were waited for.", required=True),
    _column("children_system_ns", pa.int64(), "Kernel time of children that were waited for.", required=True),
    _column("rss_bytes", pa.int64(), "Resident memory.", required=True),
    _column("own_bytes", pa.int64(), "Memory that no other process shares (USS); read less often."),
    _column("swap_bytes", pa.int64(), "Memory in swap."),
    _column("minor_faults", pa.int64(), "Page faults served without storage.", required=True),
    _column("major_faults", pa.int64(), "Page faults that read storage.", required=True),
    _column("voluntary_switches", pa.int64(), "Switches because it had to wait, all threads."),
    _column("involuntary_switches", pa.int64(), "Switches because its time was over, all threads."),
    _column("read_calls", pa.int64(), "Reading system calls."),
    _column("write_calls", pa.int64(), "Writing system calls."),
    _column("read_chars", pa.int64(), "Bytes read through system calls, page cache included."),
    _column("written_chars", pa.int64(), "Bytes written through system calls, page cache included."),
    _column("read_bytes", pa.int64(), "Bytes read from storage."),
    _column("written_bytes", pa.int64(), "Bytes written to storage."),
    _column("descriptors", pa.int32(), "Open descriptors."),
)
"""One row per process and look."""

MACHINE = _schema(
    "machine",
    _TIME,
    _column("name", NAMES, "What was read, ending in its unit.", required=True),
    _column("value", pa.float64(), "The reading.", required=True),
)
"""Readings of the whole machine or of the target's control group: pressure, steal, forks, throttling."""

STACKS = _schema(
    "stacks",
    _TIME,
    _PID,
    _TID,
    _column("node", pa.int32(), "Innermost frame: a row number of the frames table; -1 outside Python.", required=True),
    _column(
        "running", pa.bool_(), "Whether the thread was runnable (R) at that moment; null where it was not looked up."
    ),
)
"""One row per Python thread and sample, idle threads too."""

FRAMES = _schema(
    "frames",
    _column("parent", pa.int32(), "Row number of the calling frame; -1 for the outermost.", required=True),
    _column("function", NAMES, "Qualified name where the interpreter has one, else the name.", required=True),
    _column("file", NAMES, "Path as the interpreter knows it.", required=True),
    _column("line", pa.int32(), "Line being executed; 0 where unknown.", required=True),
)
"""Prefix tree of all stacks seen: a frame's callers are its parents."""

NATIVE = _schema(
    "native",
    _TIME,
    _PID,
    _TID,
    _column("symbol", NAMES, "Function on the processor; an address in brackets where it has no name.", required=True),
    _column("library", NAMES, "File it lies in; [kernel] for the kernel.", required=True),
    _column("callers", NAMES, "Symbols that called it, innermost first, joined by ';'; null where not recorded."),
)
"""One row per sample of the processor clock while a thread of the target ran."""

CALLS = _schema(
    "calls",
    _column("start_ns", pa.int64(), "Start of the interval, CLOCK_MONOTONIC.", required=True),
    _column("end_ns", pa.int64(), "End of the interval.", required=True),
    _column("name", NAMES, "System call.", required=True),
    _column("count", pa.int64(), "Entries of it by the whole tree in the interval.", required=True),
)
"""Counts of system calls over time."""

FUNCTIONS = _schema(
    "functions",
    _column("file", NAMES, "File of the function; ~ for one written in C.", required=True),
    _column("line", pa.int32(), "Line of its definition; 0 for one written in C.", required=True),
    _column("function", NAMES, "Its name.", required=True),
    _column("calls", pa.int64(), "Calls of it.", required=True),
    _column("primitive_calls", pa.int64(), "Calls that were not recursive.", required=True),
    _column("caller_file", NAMES, "File of the caller; null in the row that sums over callers."),
    _column("caller_line", pa.int32(), "Line of the caller's definition."),
    _column("caller", NAMES, "Name of the caller."),
)
"""Exact call counts of a second, instrumented pass. It has no times, since instrumenting distorts them."""

FILES: dict[str, tuple[str, pa.Schema]] = {
    "threads": ("raw/process/threads.arrows", THREADS),
    "processes": ("raw/process/processes.arrows", PROCESSES),
    "machine": ("raw/machine/machine.arrows", MACHINE),
    "stacks": ("raw/stacks/stacks.arrows", STACKS),
    "frames": ("raw/stacks/frames.arrows", FRAMES),
    "native": ("raw/perf/native.arrows", NATIVE),
    "calls": ("raw/syscalls/calls.arrows", CALLS),
    "functions": ("raw/cprofile/functions.arrows", FUNCTIONS),
}
"""Every raw table: where it lies in a run's folder, and its schema."""

LIFE_FILE = "raw/process/life.jsonl"
"""Births, programs and ends of the processes of the tree: one ``Life`` a line."""

SOURCES_FILE = "raw/sources/index.json"
"""Which of the target's own source files were kept, as they were at the end of the run."""


class Source(Record, kw_only=True):
    """One source file of the target."""

    path: Text
    """Path as the interpreter knows it."""
    file: RelativePath
    """Copy of it in the run's folder."""


class SourceIndex(Record, kw_only=True):
    """Source files kept with a run."""

    sources: tuple[Source, ...]
    """Sorted by path."""
