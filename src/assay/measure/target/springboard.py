"""Starts one program and ends: a process between Assay and its target that is as small as Python can be.

Run as a file, with nothing of Assay imported. Linux counts the resident set of whoever calls ``exec`` into the new
program's peak, so that a target started by Assay itself would seem to hold Assay's memory. The standard streams, the
working folder and nothing else are handed on as they are.

Arguments: a descriptor to read the request from, one to write the reply to. The request is fields separated by NUL:
executable, number of arguments, arguments …, variables …. The reply is ``pid start_ns peak_rss_kib``, or ``errno``.
"""

from __future__ import annotations

import os
import pathlib
import signal
import sys
import time


def main() -> int:
    """Start what the request names, say how it went, and leave it to whoever adopts it."""
    request, reply = (private(int(word)) for word in sys.argv[1:3])
    with os.fdopen(request, "rb") as pipe:
        executable, count, *rest = pipe.read().split(b"\0")
    argv, variables = rest[: int(count)], dict(pair.split(b"=", 1) for pair in rest[int(count) :] if pair)
    peak_kib = peak_rss_kib()
    start_ns = time.perf_counter_ns()
    try:
        # what Python ignores, a program expects to have at its default
        defaults = (signal.SIGPIPE, signal.SIGXFSZ)
        pid = os.posix_spawn(executable, argv, variables, setpgroup=0, setsigdef=defaults)
    except OSError as error:
        os.write(reply, b"%d" % (error.errno or 1))
        return 1
    os.write(reply, b"%d %d %d" % (pid, start_ns, peak_kib))
    return 0


def private(descriptor: int) -> int:
    """The same open file under a number that the target will not inherit."""
    copy = os.dup(descriptor)
    os.close(descriptor)
    return copy


def peak_rss_kib() -> int:
    """The most memory that this process has held; read here, since its own ``ru_maxrss`` holds its launcher's."""
    with pathlib.Path("/proc/self/status").open("rb") as status:
        lines = status.read().split(b"\n")
    return max(int(line.split()[1]) for line in lines if line.startswith(b"VmHWM:"))


if __name__ == "__main__":
    sys.exit(main())
