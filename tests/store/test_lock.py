from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assay.store.lock import FolderLock


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    first, second = FolderLock(tmp_path, "a"), FolderLock(tmp_path, "a")
    assert first.acquire()
    assert not second.acquire()
    assert FolderLock(tmp_path, "b").acquire()
    first.release()
    assert second.acquire()


def test_a_lock_that_was_disposed_of_meanwhile_is_taken_anew(tmp_path: Path) -> None:
    """Whoever gets the lock holds the file that the next one would open."""
    first, second = FolderLock(tmp_path, "a"), FolderLock(tmp_path, "a")
    first.acquire()
    first.dispose()
    assert not first.path.exists()
    assert second.acquire()
    assert not FolderLock(tmp_path, "a").acquire()


def test_a_lock_is_waited_for(tmp_path: Path) -> None:
    """Whoever sweeps away locks without a folder may hold a new one for a moment."""
    sweeper, owner = FolderLock(tmp_path, "a"), FolderLock(tmp_path, "a")
    sweeper.acquire()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(owner.acquire, wait=True)
        sweeper.dispose()
        assert waiting.result()
    assert not FolderLock(tmp_path, "a").acquire()


def test_death_frees_the_lock(tmp_path: Path) -> None:
    ready, say = os.pipe()
    child = os.fork()
    if child == 0:
        FolderLock(tmp_path, "a").acquire()
        held = FolderLock(tmp_path, "b")
        held.acquire()
        os.write(say, b"x")
        signal.pause()
    os.read(ready, 1)
    assert not FolderLock(tmp_path, "b").acquire()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert FolderLock(tmp_path, "b").acquire()


def test_a_forked_child_gives_its_copy_up(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path, "a")
    lock.acquire()
    answers, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(answer, str(lock.held).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(answers, 9) == b"False"
    assert lock.held
    assert not FolderLock(tmp_path, "a").acquire()
