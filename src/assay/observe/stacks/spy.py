"""py-spy at work on one process, for interpreters whose structures Assay does not know."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from assay.observe.stacks.spans import Sample, read_events, samples_of
from assay.observe.stacks.tables import Row, StackTables
from assay.observe.stacks.tree import FrameTree

RATE_HZ = 100
_SEGMENT_S = 20
"""py-spy keeps all that it sees in memory and writes it at its end: it is ended and begun again this often."""
_PATIENCE_S = 5.0
"""How long an interpreter may take to come up, and py-spy to write down what it saw."""
_PAUSE_S = 0.1
_UNKNOWN_THREAD = 0


def spy_program() -> str | None:
    """Where py-spy lies: beside this interpreter, or on PATH."""
    return shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")


class Spy:
    """Segments of py-spy, one after another, in a thread of its own."""

    def __init__(self, program: str, pid: int, tables: StackTables, keep: Callable[[Path], None]) -> None:
        self._program, self._pid, self._tables, self._keep = program, pid, tables, keep
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._last_seen_ns: dict[int, int] = {}
        self.complaint = ""
        self._seen = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def look(self, now_ns: int) -> None:
        """Note which threads live: py-spy itself does not say when one ended."""
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{self._pid}/task").iterdir():
                self._last_seen_ns[int(task.name)] = now_ns

    def end(self) -> None:
        """Ask it to end; it then writes what it still has."""
        self._ending.set()
        process = self._process
        if process is not None:
            process.send_signal(signal.SIGINT)

    def wait(self) -> None:
        """Wait, with a bound, until all is in the tables."""
        self._thread.join(_PATIENCE_S)

    def _work(self) -> None:
        with tempfile.TemporaryDirectory(prefix="assay-pyspy-") as folder:
            give_up_s = time.monotonic() + _PATIENCE_S
            number = 0
            while not self._ending.is_set() and _is_there(self._pid):
                output = Path(folder) / f"{self._pid}-{number}.json"
                if self._segment(output):
                    number += 1
                    give_up_s = time.monotonic() + _PATIENCE_S
                elif time.monotonic() > give_up_s:
                    return
                else:
                    self._ending.wait(_PAUSE_S)

    def _segment(self, output: Path) -> bool:
        """One run of py-spy; whether it saw anything."""
        words = [self._program, "record", "--nonblocking", "--idle", "--threads", "--full-filenames"]
        words += ["--rate", str(RATE_HZ), "--duration", str(_SEGMENT_S), "--format", "chrometrace"]
        words += ["--output", str(output), "--pid", str(self._pid)]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            words, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, cwd=output.parent, start_new_session=True
        )
        self._process = process
        start_ns = time.perf_counter_ns()
        try:
            _, errors = process.communicate(timeout=_SEGMENT_S + _PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            _, errors = process.communicate()
        self._process = None
        if not output.exists():
            if self._seen and not _is_there(self._pid):
                return False  # it was read, and has ended since
            self.complaint = " ".join(errors.decode(errors="replace").split())[:200]
            return False
        self._seen, self.complaint = True, ""
        self._convert(output, start_ns)
        self._keep(output)
        return True

    def _convert(self, output: Path, start_ns: int) -> None:
        def known_end(_pid: int, thread: str) -> int | None:
            seen_ns = self._last_seen_ns.get(int(thread)) if thread.isdecimal() else None
            return None if seen_ns is None else (seen_ns - start_ns) // 1000

        def rows(tree: FrameTree) -> list[Row]:
            with output.open("rb") as file:
                samples = samples_of(read_events(file), period_us=1_000_000 // RATE_HZ, known_end=known_end)
                return [_row(sample, start_ns, tree) for sample in samples]

        self._tables.add(rows)


def _row(sample: Sample, start_ns: int, tree: FrameTree) -> Row:
    """Before 3.11 py-spy knows the kernel's number of no thread without stopping it."""
    thread = int(sample.thread) if sample.thread.isdecimal() else _UNKNOWN_THREAD
    return (start_ns + sample.time_us * 1000, sample.pid, thread, tree.stack(sample.frames), None)


def _is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in b"ZX"
