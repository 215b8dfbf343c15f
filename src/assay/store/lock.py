"""The lock that tells a draft in progress from one whose process is gone: the kernel frees it at death."""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from assay.store.layout import FILE_MODE

_SUFFIX = ".lock"
_held: weakref.WeakSet[FolderLock] = weakref.WeakSet()


class FolderLock:
    """Exclusive hold of the folder ``name`` in ``parent``, by an flock on a file beside it.

    The file lies beside the folder, so that the folder can be renamed while it is held. It is taken before
    the folder is made: a folder whose lock is free has no owner, with no moment in between. A forked child
    gives its copy up at once, or the lock would outlive its owner in the child.
    """

    def __init__(self, parent: Path, name: str) -> None:
        self.path = parent / (name + _SUFFIX)
        self._descriptor: int | None = None

    def acquire(self, *, wait: bool = False) -> bool:
        """Take the lock; false where another process (or draft) holds it and ``wait`` was not asked for."""
        while self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
            if not _lock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB):
                return False
            if self._still_named(descriptor):
                self._descriptor = descriptor
                _held.add(self)
            else:
                os.close(descriptor)
        return True

    def release(self) -> None:
        """Free the folder for whoever comes next."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            _held.discard(self)

    def dispose(self) -> None:
        """Free it and remove the file, once the folder is gone."""
        self.path.unlink(missing_ok=True)
        self.release()

    def forget(self) -> None:
        """Drop an inherited copy after a fork; the parent's hold stays."""
        self.release()

    @property
    def held(self) -> bool:
        """Whether this object holds the folder."""
        return self._descriptor is not None

    def _still_named(self, descriptor: int) -> bool:
        """Whether the locked file is still the one that others would open; it may have been disposed of meanwhile."""
        try:
            named = self.path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(named, os.fstat(descriptor))


def folder_of(lock_name: str) -> str | None:
    """Name of the folder that a lock file guards; null for other files."""
    return lock_name.removesuffix(_SUFFIX) if lock_name.endswith(_SUFFIX) else None


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return False
        raise
    return True


def _forget_all() -> None:
    for lock in list(_held):
        lock.forget()


os.register_at_fork(after_in_child=_forget_all)
