"""Files of ``/proc`` kept open and read again from their start: half the cost of opening them each time."""

from __future__ import annotations

import os
import resource

_RESERVED = 128
"""Descriptors left for everything else in this process."""
_READ_BYTES = 4096
HIDDEN = b""
"""What reading gives where this user may not read."""


class Budget:
    """How many files may be held open, all samplers together."""

    def __init__(self) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.left = max(0, min(soft, 1024) - _RESERVED)


class Held:
    """Some files of one folder of ``/proc``. Beyond the budget they are opened each time they are read."""

    def __init__(self, folder: str, names: tuple[str, ...], budget: Budget) -> None:
        self._paths = [f"{folder}/{name}" for name in names]
        self._budget = budget
        self._open: list[int | None] = [None] * len(names)
        self._hidden = [False] * len(names)

    def read(self, index: int) -> bytes | None:
        """The file of that index now; ``HIDDEN`` where it is not ours to read, None once its process is gone."""
        if self._hidden[index]:
            return HIDDEN
        descriptor = self._open[index]
        try:
            if descriptor is not None:
                return os.pread(descriptor, _READ_BYTES, 0)
            return self._opened(index)
        except PermissionError:
            self._hidden[index] = True
            return HIDDEN
        except OSError:
            return None

    def close(self) -> None:
        """Give the descriptors back."""
        for index, descriptor in enumerate(self._open):
            if descriptor is not None:
                os.close(descriptor)
                self._budget.left += 1
                self._open[index] = None

    def _opened(self, index: int) -> bytes:
        descriptor = os.open(self._paths[index], os.O_RDONLY | os.O_CLOEXEC)
        try:
            data = os.read(descriptor, _READ_BYTES)
        except OSError:
            os.close(descriptor)
            raise
        if self._budget.left > 0:
            self._budget.left -= 1
            self._open[index] = descriptor
        else:
            os.close(descriptor)
        return data
