"""perf at work on one process: ``perf record`` into a file and, at the same time, into ``perf script``.

Converting while the target runs keeps memory small however long it runs, and leaves nothing to wait for at its end.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
from pathlib import Path
from typing import IO, NamedTuple

from assay.observe.native_stacks.script import FIELDS, NativeSample, read_script

RATE_HZ = 199
"""A prime number, so that the samples don't fall into step with what the target does periodically."""
_STACK_BYTES = 512
"""Copied from the top of the stack of each sample: enough for the callers that tell what a leaf was working for."""
_RING_PAGES = 64
_MOST_RAW_BYTES = 64 << 20
_PIECE_BYTES = 1 << 16
_READY_PATIENCE_S = 2.0
_END_PATIENCE_S = 2.0


class PerfPipe:
    """Samples the processor clock of a process and of those it starts from now on."""

    def __init__(self, perf: str, pid: int, raw: Path) -> None:
        self._raw = raw
        self._left_raw_bytes = _MOST_RAW_BYTES
        self._samples: list[NativeSample] = []
        self._lock = threading.Lock()
        self._recorder, self._control = _record(perf, pid)
        self._script = _script(perf)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._pass_on, self._convert)]
        for thread in self._threads:
            thread.start()

    def wait_until_ready(self) -> bool:
        """Whether perf said in time that it counts; from then on nothing of the target is missed."""
        ready, _, _ = select.select([self._control.answers], [], [], _READY_PATIENCE_S)
        return bool(ready) and bool(os.read(self._control.answers, _PIECE_BYTES))

    def take(self) -> list[NativeSample]:
        """The samples that were converted since the last call."""
        with self._lock:
            taken, self._samples = self._samples, []
        return taken

    def close(self) -> str:
        """End it and wait, with a bound, for the last samples; what perf complained about, if it did."""
        with contextlib.suppress(ProcessLookupError):
            self._recorder.send_signal(signal.SIGINT)
        for thread in self._threads:
            thread.join(_END_PATIENCE_S)
        complaint = _end(self._recorder)
        _end(self._script)
        for thread in self._threads:
            thread.join()
        for descriptor in self._control:
            os.close(descriptor)
        return complaint

    @property
    def raw_is_whole(self) -> bool:
        """Whether the raw file holds everything that was recorded."""
        return self._left_raw_bytes > 0

    def _pass_on(self) -> None:
        """From the recorder to the script, and to the raw file as long as it may grow."""
        source, target = self._recorder.stdout, self._script.stdin
        if source is None or target is None:
            return
        with self._raw.open("wb") as raw, source, contextlib.suppress(BrokenPipeError), target:
            while piece := os.read(source.fileno(), _PIECE_BYTES):
                target.write(piece)
                raw.write(piece[: self._left_raw_bytes])
                self._left_raw_bytes = max(0, self._left_raw_bytes - len(piece))

    def _convert(self) -> None:
        lines = self._script.stdout
        if lines is None:
            return
        with lines:
            for sample in read_script(str(line, errors="replace") for line in lines):
                with self._lock:
                    self._samples.append(sample)


class _Control(NamedTuple):
    """The ends of two pipes to the recorder; it gives up when the first is closed."""

    orders: int
    answers: int


def _record(perf: str, pid: int) -> tuple[subprocess.Popen[bytes], _Control]:
    """The recorder, told to start counting at once, and where it says that it does."""
    control, orders = os.pipe()
    answers, answer = os.pipe()
    words = [perf, "record", "--quiet", "--event", "cpu-clock", "--freq", str(RATE_HZ), "--clockid", "CLOCK_MONOTONIC"]
    words += [
        "--call-graph",
        f"dwarf,{_STACK_BYTES}",
        "--mmap-pages",
        str(_RING_PAGES),
        "--delay",
        "-1",
        "--no-buildid-cache",
    ]
    words += ["--control", f"fd:{control},{answer}", "--pid", str(pid), "--output", "-"]
    process = _start(words, pass_fds=(control, answer))
    os.write(orders, b"enable\n")
    os.close(control)
    os.close(answer)
    return process, _Control(orders, answers)


def _script(perf: str) -> subprocess.Popen[bytes]:
    words = [perf, "script", "--input", "-", "--ns", "--no-inline", "--fields", FIELDS]
    return _start(words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _start(
    words: list[str],
    *,
    stdin: int = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.PIPE,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """In a session of its own: a Ctrl-C at the terminal is the launcher's business."""
    return subprocess.Popen(
        words,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        pass_fds=pass_fds,
        env=_variables(),
        start_new_session=True,
    )


def _variables() -> dict[str, str]:
    """No settings of the user's, no names fetched from the network, English messages."""
    return {**os.environ, "LC_ALL": "C", "PERF_CONFIG": os.devnull, "DEBUGINFOD_URLS": ""}


def _end(process: subprocess.Popen[bytes]) -> str:
    """Wait for a process that has had its time; the first words of what it wrote on standard error."""
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stderr is None:
        return ""
    with process.stderr as errors:
        return " ".join(errors.read(4096).decode(errors="replace").split())[:200]
