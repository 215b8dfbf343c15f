"""Starts one program, waits for it and for every orphan it leaves: a process between Assay and its target.

Run as a file, with nothing of Assay imported. It is as small as Python can be, since Linux counts the resident set of
whoever calls ``exec`` into the new program's peak: a target started by Assay itself would seem to hold Assay's memory.
It is the subreaper of the target's tree, so that what daemonises stays below it and nothing else is ever adopted. The
standard streams and the working folder are handed on as they are.

Arguments: four descriptors. *request* is read: fields separated by NUL, executable, number of arguments, arguments …,
variables …. *gate* is read by the forked target, which becomes the program once a byte comes; with none it ends.
*verdict* is written by it: ``start_ns`` just before ``exec``, then ``errno`` where that was refused, and its end shows
that the program runs. *reply* is written: ``held pid peak_rss_kib``, then ``stopped signal`` and ``continued`` as they
come, then ``ended end_ns status`` and the resources used, one event a line; its end shows that nothing is left of the
tree.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Hold the program at the gate, then tell what becomes of it until its whole tree is gone."""
    request, gate, verdict, reply = (private(int(word)) for word in sys.argv[1:5])
    with os.fdopen(request, "rb") as pipe:
        executable, count, *rest = pipe.read().split(b"\0")
    argv, variables = rest[: int(count)], dict(pair.split(b"=", 1) for pair in rest[int(count) :] if pair)
    peak_kib = peak_rss_kib()
    pid = os.fork()
    if pid == 0:
        become(executable, argv, variables, gate=gate, verdict=verdict)
    os.setpgid(pid, pid)
    os.close(gate)
    os.close(verdict)
    let_go_of_streams()
    adopt_orphans()
    os.write(reply, b"held %d %d\n" % (pid, peak_kib))
    keep(pid, reply)
    return 0


def become(
    executable: bytes, argv: list[bytes], variables: Mapping[bytes, bytes], *, gate: int, verdict: int
) -> NoReturn:
    """Wait until the gate opens, and be the program from then on."""
    os.setpgid(0, 0)
    # what Python ignores or handles, a program expects to have at its default
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if not os.read(gate, 1):
        os._exit(1)
    os.write(verdict, b"%d" % time.perf_counter_ns())
    try:
        os.execve(executable, argv, variables)  # noqa: S606 - argv only is what is promised
    except OSError as error:
        os.write(verdict, b" %d" % (error.errno or 1))
    os._exit(127)


def keep(target: int, reply: int) -> None:
    """Wait for every child until there is none; tell what concerns the target."""
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WUNTRACED | os.WCONTINUED)
        except ChildProcessError:
            return
        if pid == target:
            tell(reply, event(status, time.perf_counter_ns(), tuple(usage)))


def event(status: int, now_ns: int, usage: Sequence[float]) -> bytes:
    """The line for one change of the target's state."""
    if os.WIFSTOPPED(status):
        return b"stopped %d\n" % os.WSTOPSIG(status)
    if os.WIFCONTINUED(status):
        return b"continued\n"
    return f"ended {now_ns} {status} {' '.join(map(repr, usage))}\n".encode()


def tell(reply: int, line: bytes) -> None:
    """Write a line; where Assay is gone, the tree is still waited for."""
    with contextlib.suppress(BrokenPipeError):
        os.write(reply, line)


def private(descriptor: int) -> int:
    """The same open file under a number that the target will not inherit."""
    copy = os.dup(descriptor)
    os.close(descriptor)
    return copy


def let_go_of_streams() -> None:
    """Hold none of the target's streams open, so that their other ends see the target's own end."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def adopt_orphans() -> None:
    """Be the parent of whatever in the tree loses its own."""
    import ctypes  # only after the target was forked, whose memory it would add to

    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def peak_rss_kib() -> int:
    """The most memory that this process has held; read here, since its own ``ru_maxrss`` holds its launcher's."""
    with pathlib.Path("/proc/self/status").open("rb") as status:
        lines = status.read().split(b"\n")
    return max(int(line.split()[1]) for line in lines if line.startswith(b"VmHWM:"))


if __name__ == "__main__":
    sys.exit(main())
