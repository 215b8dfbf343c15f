"""Performance counters by the system call itself: one for use, or one real attempt that shows what is permitted."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Literal

_CALL_NUMBERS = {"x86_64": 298, "aarch64": 241, "riscv64": 241, "ppc64le": 319, "s390x": 331}
_HARDWARE, _SOFTWARE = 0, 1
EVENTS = {
    "cycles": (_HARDWARE, 0),
    "instructions": (_HARDWARE, 1),
    "cache-misses": (_HARDWARE, 3),
    "branch-misses": (_HARDWARE, 5),
    "task-clock": (_SOFTWARE, 1),
    "page-faults": (_SOFTWARE, 2),
    "context-switches": (_SOFTWARE, 3),
}
"""Name -> type and number of the event, as ``linux/perf_event.h`` has them."""
Share = Literal["whole", "own"]
"""Count the kernel's work for the process, too, or only the process's own code."""
_ATTRIBUTE_BYTES = 64
"""Size of the first version of the attribute, which every kernel takes."""
_DISABLED, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1 << 0, 1 << 5, 1 << 6
_CLOSE_ON_EXEC = 8


def open_counter(event: str, share: Share) -> int:
    """Open and close a counter of this process; the error number, 0 where it could be opened."""
    kind, config = EVENTS[event]
    flags = _DISABLED if share == "whole" else _DISABLED | _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
    try:
        os.close(open_event(kind, config, flags=flags))
    except OSError as error:
        return error.errno or errno.EINVAL
    return 0


def open_event(kind: int, config: int, *, flags: int, tid: int = 0) -> int:
    """The descriptor of an event of one thread, by default this one, on every processor; ``OSError`` where refused."""
    number = _CALL_NUMBERS.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    attribute = struct.pack("=IIQQQQQIIQ", kind, _ATTRIBUTE_BYTES, config, 0, 0, 0, flags, 0, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (number, ctypes.c_char_p(attribute), tid, -1, -1, ctypes.c_ulong(_CLOSE_ON_EXEC))
    descriptor: int = libc.syscall(*arguments)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return descriptor
