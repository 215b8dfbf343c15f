"""What the arguments of a waiting system call mean, as data: where its object stands, and where its time limit."""

from __future__ import annotations

import platform
from enum import Enum

from msgspec import Struct


class Subject(Enum):
    """What kind of thing a call waits on."""

    DESCRIPTOR = "descriptor"
    FUTEX = "futex"
    POLL = "poll"
    SELECT = "select"
    EPOLL = "epoll"
    CHILD = "child"
    NOTHING = "nothing"


class Limit(Enum):
    """How a call states that it waits only so long."""

    NEVER = "never"
    ALWAYS = "always"
    POINTER = "pointer"
    """A pointer to a time; none where it is null."""
    MILLISECONDS = "milliseconds"
    """A number; none where it is negative."""


class Call(Struct, frozen=True):
    """How to read the arguments of one call."""

    subject: Subject
    argument: int = 0
    """Position of the object among the arguments, from 0."""
    limit: Limit = Limit.NEVER
    limit_argument: int = 0


_FD = Call(Subject.DESCRIPTOR)
_SLEEP = Call(Subject.NOTHING, limit=Limit.ALWAYS)
_SIGNAL = Call(Subject.NOTHING)

CALLS: dict[str, Call] = {
    **dict.fromkeys(("read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev"), _FD),
    **dict.fromkeys(("preadv2", "pwritev2", "ioctl", "fcntl", "flock", "fsync", "fdatasync", "syncfs"), _FD),
    **dict.fromkeys(("sync_file_range", "fallocate", "getdents64", "splice", "tee", "copy_file_range"), _FD),
    **dict.fromkeys(("connect", "accept", "accept4", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg"), _FD),
    "recvmmsg": Call(Subject.DESCRIPTOR, limit=Limit.POINTER, limit_argument=4),
    "sendfile": Call(Subject.DESCRIPTOR, argument=1),
    "futex": Call(Subject.FUTEX, limit=Limit.POINTER, limit_argument=3),
    "poll": Call(Subject.POLL, limit=Limit.MILLISECONDS, limit_argument=2),
    "ppoll": Call(Subject.POLL, limit=Limit.POINTER, limit_argument=2),
    "select": Call(Subject.SELECT, limit=Limit.POINTER, limit_argument=4),
    "pselect6": Call(Subject.SELECT, limit=Limit.POINTER, limit_argument=4),
    "epoll_wait": Call(Subject.EPOLL, limit=Limit.MILLISECONDS, limit_argument=3),
    "epoll_pwait": Call(Subject.EPOLL, limit=Limit.MILLISECONDS, limit_argument=3),
    "epoll_pwait2": Call(Subject.EPOLL, limit=Limit.POINTER, limit_argument=3),
    "io_uring_enter": _FD,
    "wait4": Call(Subject.CHILD),
    "waitid": Call(Subject.CHILD),
    "nanosleep": _SLEEP,
    "clock_nanosleep": _SLEEP,
    "pause": _SIGNAL,
    "rt_sigsuspend": _SIGNAL,
    "rt_sigtimedwait": Call(Subject.NOTHING, limit=Limit.POINTER, limit_argument=2),
    "semtimedop": Call(Subject.NOTHING, limit=Limit.POINTER, limit_argument=3),
}
"""Calls in which threads wait, by name."""

NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {
        "read": 0,
        "write": 1,
        "poll": 7,
        "ioctl": 16,
        "pread64": 17,
        "pwrite64": 18,
        "readv": 19,
        "writev": 20,
        "select": 23,
        "pause": 34,
        "nanosleep": 35,
        "sendfile": 40,
        "connect": 42,
        "accept": 43,
        "sendto": 44,
        "recvfrom": 45,
        "sendmsg": 46,
        "recvmsg": 47,
        "wait4": 61,
        "fcntl": 72,
        "flock": 73,
        "fsync": 74,
        "fdatasync": 75,
        "rt_sigtimedwait": 128,
        "rt_sigsuspend": 130,
        "futex": 202,
        "getdents64": 217,
        "semtimedop": 220,
        "clock_nanosleep": 230,
        "epoll_wait": 232,
        "waitid": 247,
        "pselect6": 270,
        "ppoll": 271,
        "splice": 275,
        "tee": 276,
        "sync_file_range": 277,
        "epoll_pwait": 281,
        "fallocate": 285,
        "accept4": 288,
        "preadv": 295,
        "pwritev": 296,
        "recvmmsg": 299,
        "syncfs": 306,
        "sendmmsg": 307,
        "copy_file_range": 326,
        "preadv2": 327,
        "pwritev2": 328,
        "io_uring_enter": 426,
        "epoll_pwait2": 441,
    },
    "aarch64": {
        "epoll_pwait": 22,
        "fcntl": 25,
        "ioctl": 29,
        "flock": 32,
        "fallocate": 47,
        "getdents64": 61,
        "read": 63,
        "write": 64,
        "readv": 65,
        "writev": 66,
        "pread64": 67,
        "pwrite64": 68,
        "preadv": 69,
        "pwritev": 70,
        "sendfile": 71,
        "pselect6": 72,
        "ppoll": 73,
        "splice": 76,
        "tee": 77,
        "fsync": 82,
        "fdatasync": 83,
        "sync_file_range": 84,
        "waitid": 95,
        "futex": 98,
        "nanosleep": 101,
        "clock_nanosleep": 115,
        "rt_sigsuspend": 133,
        "rt_sigtimedwait": 137,
        "semtimedop": 192,
        "accept": 202,
        "connect": 203,
        "sendto": 206,
        "recvfrom": 207,
        "sendmsg": 211,
        "recvmsg": 212,
        "accept4": 242,
        "recvmmsg": 243,
        "wait4": 260,
        "syncfs": 267,
        "sendmmsg": 269,
        "copy_file_range": 285,
        "preadv2": 286,
        "pwritev2": 287,
        "io_uring_enter": 426,
        "epoll_pwait2": 441,
    },
}
"""Numbers of those calls, from the kernel's own tables, by machine."""


def calls_by_number(machine: str | None = None) -> dict[int, Call]:
    """The calls of this machine, or of the named one; none for a machine without a table."""
    numbers = NUMBERS.get(machine or platform.machine(), {})
    return {number: CALLS[name] for name, number in numbers.items()}


def is_limited(call: Call, arguments: list[int]) -> bool:
    """Whether the call waits only for a time that it states."""
    if call.limit is Limit.POINTER:
        return arguments[call.limit_argument] != 0
    if call.limit is Limit.MILLISECONDS:
        return arguments[call.limit_argument] & 0x8000_0000 == 0
    return call.limit is Limit.ALWAYS
