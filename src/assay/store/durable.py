"""Writing so that it is either there or not, whatever is pulled out when; and reading without following links."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import RecordError, StoreError
from assay.store.layout import FILE_MODE, FOLDER_MODE

MAX_RECORD_BYTES = 64 << 20
"""No run.json is larger; a file that claims to be is not read."""

_AT_FDCWD, _RENAME_NOREPLACE = -100, 1
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_REMEDIES = {
    errno.ENOSPC: "free some space: what was recorded so far is kept and becomes an interrupted run",
    errno.EDQUOT: "free some space: what was recorded so far is kept and becomes an interrupted run",
    errno.EIO: "check the disk; what was recorded so far is kept and becomes an interrupted run",
    errno.EROFS: "choose a writable store with --store or ASSAY_STORE",
    errno.EACCES: "check the folder's owner, or choose another store with --store or ASSAY_STORE",
    errno.EPERM: "check the folder's owner, or choose another store with --store or ASSAY_STORE",
}


@contextmanager
def storage(doing: str, where: Path | str) -> Iterator[None]:
    """Turn what the operating system refuses into one line of what, where and remedy."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        remedy = _REMEDIES.get(error.errno or 0, "check the store's folder")
        raise StoreError(f"cannot {doing}: {reason}", where=str(error.filename or where), remedy=remedy) from error


def sync_folder(folder: Path) -> None:
    """Make a folder's entries survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """A private folder with its parents."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)


def write_new(path: Path, data: bytes) -> None:
    """A new private file, on disk when this returns; one that stands there already is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """All of ``data``: a short write is continued, so that the next one names the error."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def replace_file(path: Path, data: bytes) -> None:
    """Give ``path`` new content at once: readers see the old or the new."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        write_new(part, data)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def rename_exclusive(source: Path, target: Path) -> None:
    """Rename a folder; ``FileExistsError`` where the target is there already.

    Where the filesystem has no RENAME_NOREPLACE, plain rename serves: POSIX lets a folder replace an *empty*
    folder only, and a sealed run is never empty.
    """
    try:
        _renameat2(os.fsencode(source), os.fsencode(target))
    except OSError as error:
        if error.errno not in {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}:
            raise
        _rename_over_nothing(source, target)


def _renameat2(source: bytes, target: bytes) -> None:
    call = getattr(_libc(), "renameat2", None)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if call(_AT_FDCWD, source, _AT_FDCWD, target, _RENAME_NOREPLACE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), os.fsdecode(source), None, os.fsdecode(target))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _rename_over_nothing(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        raise


def open_inside(folder: Path, relative: str) -> int:
    """Descriptor of a regular file below ``folder``; no link is followed on the way, so that none leads out."""
    parts = relative.split("/")
    if not all(part and part not in {".", ".."} for part in parts):
        raise RecordError(f"path {relative!r} leaves the run's folder", where=str(folder), remedy="remove the run")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _READ_FLAGS | os.O_DIRECTORY, dir_fd=here)
            os.close(here)
            here = inner
        found = os.open(parts[-1], _READ_FLAGS, dir_fd=here)
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise RecordError(f"{relative!r} is not a regular file", where=str(folder), remedy="remove the run")
    return found


def read_inside(folder: Path, relative: str, limit_bytes: int = MAX_RECORD_BYTES) -> bytes:
    """Content of a small regular file below ``folder``."""
    with os.fdopen(open_inside(folder, relative), "rb") as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise RecordError(f"larger than {limit_bytes} bytes", where=str(folder / relative), remedy="remove the run")
    return data


def digest_inside(folder: Path, relative: str) -> tuple[int, str]:
    """Size and SHA-256 of a file below ``folder``."""
    with os.fdopen(open_inside(folder, relative), "rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
