"""perf sampling one process: ``perf record`` into a file and, at the same time, into ``perf script``.

Converting while the target runs keeps memory small however long it runs, and leaves nothing to wait for at its end.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path

from assay.observe.perf.kernel import KernelSymbols
from assay.observe.perf.script import FIELDS, NativeSample, read_script
from assay.observe.perf.tool import end_tool, start_counting, start_tool

RATE_HZ = 199
"""A prime number, so that the samples don't fall into step with what the target does periodically."""
_STACK_BYTES = 512
"""Copied from the top of the stack of each sample: enough for the callers that tell what a leaf was working for."""
_RING_PAGES = 64
_MOST_RAW_BYTES = 64 << 20
_PIECE_BYTES = 1 << 16
_END_PATIENCE_S = 2.0


class PerfRecord:
    """Samples the processor clock of a process and of those it starts from now on."""

    def __init__(self, perf: str, pid: int, raw: Path, *, event: str = "cpu-clock") -> None:
        self._raw = raw
        self._left_raw_bytes = _MOST_RAW_BYTES
        self._samples: list[NativeSample] = []
        self._lock = threading.Lock()
        self._kernel = KernelSymbols()
        words = [perf, "record", "--quiet", "--event", event, "--freq", str(RATE_HZ), "--clockid", "CLOCK_MONOTONIC"]
        words += ["--call-graph", f"dwarf,{_STACK_BYTES}", "--mmap-pages", str(_RING_PAGES), "--no-buildid-cache"]
        # without it perf listens for programs in the kernel once a second, and its end waits for that
        words += ["--no-bpf-event"]
        self._recorder, self._control = start_counting([*words, "--pid", str(pid), "--output", "-"])
        script = [perf, "script", "--input", "-", "--ns", "--no-inline", "--fields", FIELDS, "--kallsyms", os.devnull]
        self._script = start_tool(script, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._pass_on, self._convert)]
        for thread in self._threads:
            thread.start()

    def wait_until_ready(self) -> bool:
        """Whether perf said in time that it counts."""
        return self._control.is_ready()

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
        complaint = end_tool(self._recorder)
        end_tool(self._script)
        for thread in self._threads:
            thread.join()
        self._control.close()
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
            for sample in read_script((str(line, errors="replace") for line in lines), self._kernel.name):
                with self._lock:
                    self._samples.append(sample)
