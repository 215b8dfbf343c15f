"""Devices and their locks: who measures on one holds it, and so does whatever it started, until the last has ended.

The lock is an ``flock`` on one file a device, for the whole machine and all campaigns of a user. It belongs to the open
file, which the worker and the program it measures inherit: killing the campaign, or the worker, frees nothing while
the program still runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec

from assay.record.base import Record
from assay.store.durable import storage

FOLDER = "ASSAY_LOCKS"
"""Variable that names another folder for the locks."""
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 # nosec B108 - a private folder below it: nothing is swept away
_FENCED_WITHIN_S = 10.0


class Holder(Record, kw_only=True):
    """What holds a device, as it wrote itself."""

    campaign: str
    experiment: str
    generation: int
    pid: int


class DeviceLock:
    """The lock of one device."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.path = _folder() / f"{device}.lock"
        self.descriptor: int | None = None

    def acquire(self) -> bool:
        """Take it; false where somebody else has it."""
        with storage("lock a device", self.path):
            while self.descriptor is None:
                flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
                descriptor = os.open(self.path, flags, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptor)
                    return False
                if _is_named(descriptor, self.path):
                    self.descriptor = descriptor
                else:
                    os.close(descriptor)
        return True

    def release(self) -> None:
        """Close our copy; the device is free once nobody else has one."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def write(self, holder: Holder) -> None:
        """Say who holds it; only whoever does may."""
        if self.descriptor is not None:
            write_holder(self.descriptor, holder)

    def holder(self) -> Holder | None:
        """What the last holder wrote; None where nothing was written yet."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Holder)
        except (OSError, msgspec.DecodeError):
            return None

    def fence(self) -> bool:
        """Kill every process that holds the device; whether it is free then."""
        give_up_s = time.monotonic() + _FENCED_WITHIN_S
        while time.monotonic() < give_up_s:
            for pid in _holders(self.path):
                _kill(pid, self.path)
            if self.acquire():
                self.release()
                return True
            time.sleep(0.02)
        return False


def write_holder(descriptor: int, holder: Holder) -> None:
    """Say in the lock's file who holds it."""
    data = msgspec.json.encode(holder)
    os.pwrite(descriptor, data, 0)
    os.ftruncate(descriptor, len(data))


def _folder() -> Path:
    chosen = os.environ.get(FOLDER)
    base = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else Path(tempfile.gettempdir())
    folder = Path(chosen) if chosen else base / f"assay-devices-{os.geteuid()}"
    with storage("make the folder of device locks", folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise PermissionError(1, "it belongs to somebody else", str(folder))
    return folder


def _is_named(descriptor: int, path: Path) -> bool:
    """Whether the locked file is still the one that others would open."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False))
    except FileNotFoundError:
        return False


def _holders(path: Path) -> Iterator[int]:
    """Processes with an open file that holds the lock; one that only tries to get it has none."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid() and _holds(folder, path):
            yield int(folder.name)


def _holds(process: Path, path: Path) -> bool:
    try:
        wanted = path.stat()
        links = list((process / "fd").iterdir())
    except OSError:  # it has ended, or belongs to somebody else
        return False
    return any(_is_hold(process, link, wanted) for link in links)


def _is_hold(process: Path, link: Path, wanted: os.stat_result) -> bool:
    """Whether an open file is the lock's, with the lock on it."""
    try:
        same = os.path.samestat(link.stat(), wanted)
        return same and b"FLOCK" in (process / "fdinfo" / link.name).read_bytes()
    except OSError:
        return False


def _kill(pid: int, path: Path) -> None:
    """Kill a holder; its number is held fast first, so that no other process is hit that got it meanwhile."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        descriptor = os.pidfd_open(pid)
        try:
            if _holds(Path(f"/proc/{pid}"), path):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        finally:
            os.close(descriptor)
