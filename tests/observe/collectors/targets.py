"""A sink that keeps what collectors write, and the two ends of a target, for tests of collectors."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from assay.observe.collector import Ended, Started


class Samples:
    """Samples in a list."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, float]] = []

    def append(self, *, time_ns: Sequence[int], name: Sequence[str], device: str, value: Sequence[float]) -> None:
        """Keep them."""
        for at_ns, series, number in zip(time_ns, name, value, strict=True):
            self.rows.append((at_ns, series, device, number))


class Rows:
    """Rows of a raw table in a list."""

    def __init__(self) -> None:
        self.rows: list[Sequence[object]] = []

    def append(self, *row: object) -> None:
        """Keep a row."""
        self.rows.append(row)

    def extend(self, rows: Iterable[Sequence[object]], /) -> None:
        """Keep several."""
        self.rows.extend(rows)


class Sink:
    """What a draft is to a collector."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._samples = Samples()
        self.announced: list[str] = []
        self.tables: dict[str, Rows] = {}

    @property
    def samples(self) -> Samples:
        """Time series."""
        return self._samples

    def artifact(self, file: str, *, collector: str, media_type: str) -> Path:  # noqa: ARG002 -- the sink's interface
        """A path below the folder."""
        self.announced.append(file)
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def table(self, kind: str, /) -> Rows:
        """The rows of that kind."""
        return self.tables.setdefault(kind, Rows())


def started(pid: int, launcher_peak_rss_bytes: int = 9 << 20) -> Started:
    """A target that was started now."""
    return Started(pid=pid, launcher_peak_rss_bytes=launcher_peak_rss_bytes)


def waited_for(process: subprocess.Popen[bytes], start_ns: int = 0) -> Ended:
    """The end of a process, as ``wait4`` tells it."""
    _, wait_status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    return Ended(start_ns=start_ns, end_ns=time.perf_counter_ns(), wait_status=wait_status, usage=usage)


def usage_of(**fields: float) -> resource.struct_rusage:
    """Resource usage with these fields, all others zero."""
    names = [name for name in dir(resource.struct_rusage) if name.startswith("ru_")]
    order = sorted(names, key=_position)
    return resource.struct_rusage([fields.get(name, 0) for name in order])


def _position(name: str) -> float:
    """Where a field stands: found by asking a usage whose values are their own positions."""
    numbered = resource.struct_rusage(range(16))
    return float(getattr(numbered, name))
