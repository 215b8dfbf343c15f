"""What a sleeping thread waits for, by the system call it sleeps in and what that call works on."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.tables import Column, Table
from assay.record.diagnosis.findings import Clock

CLOCKS: tuple[Clock, ...] = tuple(Clock)
"""Clocks in the order of their columns wherever time is kept per clock."""
INDEX: dict[Clock, int] = {clock: number for number, clock in enumerate(CLOCKS)}

_CALLS_X86_64: dict[str, tuple[int, ...]] = {
    "futex": (202, 449),
    "read": (0, 17, 19, 295, 327),
    "write": (1, 18, 20, 296, 328, 40, 326),
    "receive": (45, 47, 299),
    "accept": (43, 288),
    "send": (42, 44, 46, 307),
    "poll": (7, 23, 270, 271, 232, 281, 441),
    "sleep": (35, 230, 34),
    "wait": (61, 247),
    "sync": (74, 75, 162, 277, 306, 26),
    "file": (2, 257, 3, 4, 5, 6, 262, 332, 217, 78, 87, 263, 82, 316, 83, 258, 285, 437),
    "lock": (72, 73),
}
"""Numbers of system calls of x86-64 by what they do; 202 is futex, and so on."""

_BY_CALL: dict[str, Clock] = {
    "sleep": Clock.SLEEP,
    "wait": Clock.CHILD,
    "sync": Clock.DISK,
    "file": Clock.DISK,
    "lock": Clock.LOCK,
    "futex": Clock.LOCK,
    "poll": Clock.NETWORK,
    "receive": Clock.NETWORK,
    "send": Clock.NETWORK,
    "accept": Clock.IDLE,
}

_BY_OBJECT: tuple[tuple[re.Pattern[str], Clock], ...] = (
    (re.compile(r"^(tcp|udp|socket|inet|netlink|packet)"), Clock.NETWORK),
    (re.compile(r"^(unix|pipe|fifo|eventfd|signalfd|anon_inode:\[(eventfd|signalfd)\])"), Clock.PIPE),
    (re.compile(r"^(e?poll|select):(fifo|pipe|fifo\+pipe)$"), Clock.PIPE),
    (re.compile(r"^(/dev/(pts|tty)|tty|/dev/null$)"), Clock.IDLE),
    (re.compile(r"^(inotify|anon_inode:inotify|timerfd|anon_inode:\[timerfd\])"), Clock.IDLE),
    (re.compile(r"^/"), Clock.DISK),
)
"""What the call works on, where reading and writing alone does not say what is waited for."""

_GIL_OBJECT = re.compile(r"^futex:.*@.*python[^/]*$", re.IGNORECASE)
"""The condition variable of the interpreter lies in Python's own data; those of programs lie on the heap."""


def wait_classes(threads: Table) -> NDArray[np.int8]:
    """For each look, the clock of what the thread waits for if it does not run."""
    kind_of_call = _kinds(threads["call"])
    clock = np.full(len(threads), INDEX[Clock.UNKNOWN], dtype=np.int8)
    for kind, meant in _BY_CALL.items():
        clock[kind_of_call == _KINDS[kind]] = INDEX[meant]
    _apply_objects(clock, threads, kind_of_call)
    _apply_interpreter(clock, threads, kind_of_call)
    asleep_uninterruptibly = np.isin(threads["state"], threads.codes("state", ("D",)))
    undecided = (clock == INDEX[Clock.UNKNOWN]) | (clock == INDEX[Clock.PIPE])
    clock[asleep_uninterruptibly & undecided] = INDEX[Clock.DISK]
    _apply_kernel_function(clock, threads)
    return clock


_KINDS = {kind: number for number, kind in enumerate(_CALLS_X86_64)}


def _kinds(calls: Column) -> NDArray[np.int8]:
    table = np.full(1024, -1, dtype=np.int8)
    for kind, numbers in _CALLS_X86_64.items():
        table[list(numbers)] = _KINDS[kind]
    known = (calls >= 0) & (calls < len(table))
    return np.where(known, table[np.where(known, calls, 0)], -1).astype(np.int8)


def _apply_objects(clock: NDArray[np.int8], threads: Table, kinds: NDArray[np.int8]) -> None:
    by_name = np.array([_clock_of(name) for name in threads.names["object"]] or [-1], dtype=np.int8)
    codes = threads["object"]
    found = np.where(codes >= 0, by_name[codes], -1)
    moves_data = np.isin(kinds, [_KINDS[kind] for kind in ("read", "write", "receive", "send", "poll")])
    clock[moves_data & (found >= 0)] = found[moves_data & (found >= 0)]


def _clock_of(name: str) -> int:
    return next((INDEX[clock] for pattern, clock in _BY_OBJECT if pattern.search(name)), -1)


def _apply_interpreter(clock: NDArray[np.int8], threads: Table, kinds: NDArray[np.int8]) -> None:
    codes = [code for code, name in enumerate(threads.names["object"]) if _GIL_OBJECT.search(name)]
    waits = (kinds == _KINDS["futex"]) & (threads["timed"] == 1) & np.isin(threads["object"], codes)
    clock[waits] = INDEX[Clock.GIL]


_BY_KERNEL_FUNCTION: tuple[tuple[re.Pattern[str], Clock], ...] = (
    (re.compile(r"nanosleep"), Clock.SLEEP),
    (re.compile(r"futex"), Clock.LOCK),
    (re.compile(r"do_wait|kernel_wait"), Clock.CHILD),
    (re.compile(r"pipe_"), Clock.PIPE),
    (re.compile(r"tcp_|inet_|sk_wait|skb_|udp_|do_accept"), Clock.NETWORK),
    (re.compile(r"unix_"), Clock.PIPE),
    (re.compile(r"folio_wait|io_schedule|ext4|xfs|btrfs|jbd2|blk_|wait_on_page|submit_bio"), Clock.DISK),
    (re.compile(r"ep_poll|poll_schedule|do_sys_poll|do_select|do_poll"), Clock.NETWORK),
)


def _apply_kernel_function(clock: NDArray[np.int8], threads: Table) -> None:
    """The kernel function it sleeps in decides where the call was not readable."""
    by_name = [
        next((INDEX[meant] for pattern, meant in _BY_KERNEL_FUNCTION if pattern.search(name)), -1)
        for name in threads.names["wait"]
    ]
    codes = threads["wait"]
    found = np.where(codes >= 0, np.array(by_name or [-1], dtype=np.int8)[codes], -1)
    open_ = (clock == INDEX[Clock.UNKNOWN]) & (found >= 0)
    clock[open_] = found[open_]
