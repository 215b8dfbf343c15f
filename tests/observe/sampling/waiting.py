"""A process whose threads wait for one thing each, for tests of what is seen of it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

CODE = """
import os, queue, select, selectors, socket, subprocess, sys, threading, time
server = socket.create_server(("127.0.0.1", 0))
idle = socket.create_server(("127.0.0.1", 0))
def client(timeout=None):
    socket.create_connection(server.getsockname(), timeout=timeout).recv(1)
def watcher():
    selector = selectors.EpollSelector()
    selector.register(idle, selectors.EVENT_READ)
    selector.register(reading, selectors.EVENT_READ)
    selector.select()
lock = threading.Lock()
lock.acquire()
reading, writing = os.pipe()
def burn():
    while True:
        sum(range(1000))
waits = {
    "network": client, "limited network": lambda: client(60), "lock": lock.acquire, "sleep": lambda: time.sleep(60),
    "pipe": lambda: os.read(reading, 1), "select": lambda: select.select([reading], [], []), "epoll": watcher,
    "queue": lambda: queue.Queue().get(timeout=60), "child": lambda: subprocess.run(["sleep", "60"]), "burn": burn,
    "burn too": burn,
}
for name in sys.argv[1:]:
    thread = threading.Thread(target=waits[name], daemon=True)
    thread.start()
    print(thread.native_id, server.getsockname()[1], flush=True)
time.sleep(60)
"""


class Waiting:
    """The process; leave the block to end it."""

    def __init__(self, *waits: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", CODE, *waits], stdout=subprocess.PIPE, process_group=0, text=True
        )
        assert self._process.stdout is not None
        told = [self._process.stdout.readline().split() for _ in waits]
        self.pid = self._process.pid
        self.tids = {wait: int(tid) for wait, (tid, _) in zip(waits, told, strict=True)}
        self.port = told[0][1]

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.communicate()
