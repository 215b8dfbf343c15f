"""The campaign's side of a worker: started with its order, told to stop, waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from assay.campaign.running.devices import DeviceLock
from assay.campaign.running.order import INTERRUPTED, WorkOrder
from assay.record.base import Record

_MODULE = "assay.campaign.running.worker"
_TAIL_BYTES = 4096


class Ending(Record, kw_only=True):
    """How the making of a generation ended, where it left no result that says so."""

    reason: str
    killed: bool = False
    """Whether somebody killed the worker alone."""
    failed: bool = False
    """Whether it failed by itself."""


class Worker:
    """One worker at its experiment."""

    def __init__(self, order: WorkOrder, lock: DeviceLock, log: Path) -> None:
        self.order = order
        self._log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=stream,
                stderr=stream,
                pass_fds=(order.lock,),
                start_new_session=True,  # a signal to the campaign's group is not one to what it measures
            )
        # From here on the worker holds the device; our copy would hold it beyond the worker's end.
        lock.release()
        self.news = os.pidfd_open(self._process.pid)
        assert self._process.stdin is not None  # noqa: S101 - it was asked for above
        with contextlib.suppress(BrokenPipeError), self._process.stdin as pipe:
            pipe.write(msgspec.json.encode(order))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it is over."""
        return self._process.poll() is not None

    def end(self) -> Ending:
        """How it ended, once it has."""
        status = self._process.wait()
        os.close(self.news)
        if status < 0:
            return Ending(reason=f"its worker was ended by signal {-status}", killed=True)
        if status == INTERRUPTED:
            return Ending(reason="stopped on request")
        return Ending(reason=f"its worker ended with exit status {status}: {_last_line(self._log)}", failed=True)

    def interrupt(self) -> None:
        """Ask it to stop; what it measures is ended, and sealed as interrupted."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)


def _last_line(log: Path) -> str:
    """What it said last, which of a traceback is the error."""
    with contextlib.suppress(OSError):
        with log.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL_BYTES))
            lines = stream.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"
    return "its log can't be read"
