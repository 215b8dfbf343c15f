from __future__ import annotations

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from assay.observe.sampling.threads import MOST_THREADS, Threads
from tests.observe.sampling.waiting import Waiting

WAITS = ("network", "limited network", "lock", "sleep", "pipe", "select", "epoll", "queue", "child")


def _described(waiting: Waiting, *, looks: int = 30) -> Mapping[object, set[tuple[object, object]]]:
    """Object and time limit of each thread that was seen asleep."""
    threads = Threads()
    seen: defaultdict[object, set[tuple[object, object]]] = defaultdict(set)
    for _ in range(looks):
        for _, _, tid, _, _, _, call, thing, limited, _ in threads.look([waiting.pid]):
            if call != -1:
                seen[tid].add((thing, limited))
        time.sleep(0.02)
    threads.close()
    return seen


def test_what_each_thread_waits_for_is_named() -> None:
    with Waiting(*WAITS) as waiting:
        time.sleep(0.5)
        seen = _described(waiting)
        other_end = f"tcp:127.0.0.1:{waiting.port}"
        expected = {
            "network": (other_end, False), "limited network": (other_end, True), "sleep": (None, True),
            "pipe": ("pipe", False), "select": ("pipe", False), "child": ("child", False),
            "epoll": ("epoll:pipe+tcp", False),
        }  # fmt: skip
        for wait, what in expected.items():
            assert what in seen[waiting.tids[wait]], (wait, seen[waiting.tids[wait]])
        for wait, limited in (("lock", False), ("queue", True)):
            assert any(
                str(thing).startswith("futex:0x") and is_limited is limited
                for thing, is_limited in seen[waiting.tids[wait]]
            )


def test_waiting_for_the_interpreter_lock_is_a_futex_of_the_interpreter_with_a_limit() -> None:
    with Waiting("burn", "burn too") as waiting:
        objects = {thing for tid in waiting.tids.values() for thing, limited in _described(waiting)[tid] if limited}
    assert any(isinstance(thing, str) and "python3" in thing.partition("@")[2] for thing in objects)


def test_times_of_a_busy_thread_grow_and_those_of_a_sleeping_one_do_not() -> None:
    with Waiting("burn", "sleep") as waiting:
        time.sleep(0.3)
        threads = Threads()
        first = {row[2]: row for row in threads.look([waiting.pid])}
        time.sleep(0.6)
        last = {row[2]: row for row in threads.look([waiting.pid])}
        threads.close()
        busy, asleep = waiting.tids["burn"], waiting.tids["sleep"]
        spent = [last[busy][index] - first[busy][index] for index in (4, 5)]  # type: ignore[operator]
        assert sum(spent) > 300_000_000  # on a processor or in the queue for one
        assert last[asleep][4] == first[asleep][4]
        assert last[asleep][0] > first[asleep][0]  # type: ignore[operator]


def test_threads_that_come_and_go_are_followed() -> None:
    with Waiting("sleep", "lock") as waiting:
        threads = Threads()
        assert {row[2] for row in threads.look([waiting.pid])} == {waiting.pid, *waiting.tids.values()}
        process = subprocess.Popen(["sleep", "60"])
        assert process.pid in {row[1] for row in threads.look([waiting.pid, process.pid])}
        process.kill()
        process.wait()
        assert {row[1] for row in threads.look([waiting.pid, process.pid])} == {waiting.pid}
        threads.close()
        assert "/proc/" not in _open_files()


def _open_files() -> str:
    """Where our own descriptors point, but for the one that lists them."""
    links = [link for link in Path("/proc/self/fd").iterdir() if link.exists()]
    return " ".join(str(link.readlink()) for link in links).replace(f"/proc/{os.getpid()}/fd", "")


def test_more_threads_than_are_read_are_cut_off() -> None:
    assert MOST_THREADS > 20
    with Waiting(*["sleep"] * 20) as waiting:
        threads = Threads()
        threads._find([waiting.pid])
        assert not threads.cut_off
        threads.close()


def test_a_process_that_is_gone_has_no_rows() -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    assert Threads().look([process.pid]) == []
