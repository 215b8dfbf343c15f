"""Counts of system calls from a second run under strace, for whoever may not use the kernel's tracepoints.

A filter in the kernel stops the target at the calls that are counted and at no others; without it every call would stop
the target twice, which makes programs some hundred times slower, and is therefore never tried.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assay.observe.collector import Description, FirstPass, Nature, Rewritten, Sink, Unsuited

_COUNTS, _BOUNDS = "counts.txt", "bounds"
COUNTED = (
    *("read", "write", "pread64", "pwrite64", "readv", "writev", "open", "openat", "close", "lseek", "getdents64"),
    *("stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink"),
    *("fsync", "fdatasync", "sync", "sync_file_range", "msync", "unlink", "unlinkat", "rename", "renameat2", "mkdir"),
    *("mmap", "munmap", "mremap", "brk", "madvise", "mprotect", "futex", "sched_yield", "clock_nanosleep"),
    *("nanosleep", "poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "ioctl"),
    *("socket", "connect", "accept", "accept4", "recvfrom", "recvmsg", "sendto", "sendmsg", "sendfile"),
    *("clone", "clone3", "fork", "vfork", "execve", "wait4", "waitid", "kill", "io_uring_enter"),
)
"""System calls whose number tells a cause."""
_TRACED = ",".join(f"?{name}" for name in sorted(COUNTED))
"""Those that a kernel or an architecture lacks are left out."""
_TRIAL_S = 10.0


class StraceWrapper:
    """``strace --seccomp-bpf``; its counts are exact, its times are left behind."""

    description = Description(
        name="strace",
        nature=Nature.WRAPPER,
        summary="How often the whole tree made which system call, where tracepoints are not permitted.",
        cost="a second run, with about 70 microseconds for each counted call; the first is not touched",
        default=False,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs strace, the right to trace one's own children, and a kernel that takes the filter."""
        if (program := shutil.which("strace")) is None:
            return "strace is not installed; run: sudo apt-get install strace"
        return _refusal(program)

    def wrap(self, first: FirstPass, folder: Path) -> Rewritten | Unsuited:
        """The command below strace, whose summary goes to a file."""
        (folder / _BOUNDS).write_text(f"{first.start_ns} {first.end_ns}", encoding="ascii")
        return Rewritten(argv=(*_words(shutil.which("strace") or "strace", folder / _COUNTS), "--", *first.argv))

    def keep(self, folder: Path, sink: Sink) -> Unsuited | None:
        """The counts as one interval as long as the first run: the same calls, in the time that they really took."""
        text = _text(folder / _COUNTS)
        rows = list(read_summary(text))
        bounds = _text(folder / _BOUNDS).split()
        if not rows or len(bounds) != 2:
            return Unsuited("strace counted no system call")
        sink.artifact("raw/strace/counts.txt", collector="strace", media_type="text/plain").write_text(text)
        start_ns, end_ns = map(int, bounds)
        sink.table("calls").extend((start_ns, end_ns, name, count) for name, count in rows)
        return None


def read_summary(text: str) -> Iterator[tuple[str, int]]:
    """Names and counts of strace's summary."""
    for line in text.splitlines():
        words = line.split()
        if len(words) == 2 and words[0].isdecimal() and words[1] != "total":
            yield words[1], int(words[0])


def _words(program: str, output: Path) -> tuple[str, ...]:
    summary = ("--summary-only", "--summary-columns", "calls,name", "--summary-sort-by", "name")
    quiet = ("--follow-forks", "--quiet=all", "--trace", _TRACED)
    return (program, "--seccomp-bpf", *quiet, *summary, "--output", str(output))


@cache
def _refusal(program: str) -> str | None:
    """What strace says to a trial; it would go on without the filter where that is refused."""
    words = [*_words(program, Path("/dev/null")), "--", "true"]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_TRIAL_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"strace can't be run: {type(error).__name__}"
    if done.returncode == 0 and not done.stderr.strip():
        return None
    said = " ".join(done.stderr.split())[:200] or f"it ended with {done.returncode}"
    return f"strace can't filter here ({said}); it needs a newer version, or in a container --cap-add SYS_PTRACE"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


PLUGIN = StraceWrapper()
