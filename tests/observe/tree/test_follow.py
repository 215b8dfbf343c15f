from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from assay.observe.tree import Tree
from assay.observe.tree.follow import MOST_PROCESSES
from assay.record.diagnosis.life import Life


def _until(tree: Tree, arrived: Callable[[list[Life]], bool]) -> list[Life]:
    """Looks until what is waited for has happened."""
    lives: list[Life] = []
    deadline_s = time.monotonic() + 20
    while not arrived(lives):
        assert time.monotonic() < deadline_s, lives
        lives += tree.look(time.perf_counter_ns())
        time.sleep(0.01)
    return lives


def test_children_are_seen_with_parent_program_and_words_and_are_gone_at_the_end() -> None:
    script = "sleep 60 & sleep 61 & wait"
    process = subprocess.Popen(["bash", "-c", script], process_group=0)
    tree = Tree(process.pid)
    lives = _until(tree, lambda seen: sum(life.argv in {("sleep", "60"), ("sleep", "61")} for life in seen) == 2)
    first = lives[0]
    assert (first.pid, first.name, first.python) == (process.pid, "bash", None)
    assert first.executable == os.path.realpath("/bin/bash")
    assert first.argv == ("bash", "-c", script)
    children = {life.pid: life for life in lives if life.event == "seen"}
    assert {life.parent for pid, life in children.items() if pid != process.pid} == {process.pid}
    os.killpg(process.pid, signal.SIGKILL)
    gone = _until(tree, lambda seen: sum(life.event == "gone" for life in seen) >= 3)
    assert {life.pid for life in gone if life.event == "gone"} >= set(children)
    assert list(tree.members) == []
    process.wait()


def test_another_program_in_the_same_process_is_told() -> None:
    code = f"exec {sys.executable} -I -S -c 'import time; time.sleep(60)'"
    process = subprocess.Popen(["bash", "-c", f"read; {code}"], stdin=subprocess.PIPE)
    tree = Tree(process.pid)
    _until(tree, lambda seen: any(life.name == "bash" for life in seen))
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.close()
    lives = _until(tree, lambda seen: any(life.python is not None for life in seen))
    assert {life.event for life in lives} == {"program"}
    assert lives[-1].executable == os.path.realpath(sys.executable)
    process.kill()
    process.wait()


def test_a_name_that_a_process_gives_itself_is_no_other_program() -> None:
    code = "print('ready', flush=True); input(); open('/proc/self/comm', 'w').write('renamed'); print(); input()"
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    tree = Tree(process.pid)
    tree.look(1)
    process.stdin.write("\n")
    process.stdin.flush()
    process.stdout.readline()
    assert tree.look(2) == []
    process.communicate("\n")


def test_an_orphan_stays_in_the_tree_of_its_keeper() -> None:
    # the shell in the middle stands for the keeper: what its child leaves behind is adopted by it
    adopt = "import ctypes; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0); import subprocess, sys, time; "
    code = (
        adopt
        + "p = subprocess.Popen(['sh', '-c', 'sleep 0.3; setsid sleep 60 & sleep 0.3']); \
print(p.pid, flush=True); p.wait(); print('over', flush=True); time.sleep(60)"
    )
    keeper = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert keeper.stdout is not None
    root = int(keeper.stdout.readline())
    tree = Tree(root, keeper=keeper.pid)
    lives = _until(tree, lambda seen: any(life.pid == root and life.event == "gone" for life in seen))
    lives += _until(tree, lambda _: [member.name for member in tree.members] == ["sleep"])
    (orphan,) = tree.members
    assert orphan.pid in {life.pid for life in lives if life.event == "seen"}
    os.kill(orphan.pid, signal.SIGKILL)
    keeper.kill()
    keeper.communicate()


def test_a_number_that_another_process_has_now_is_another_process() -> None:
    process = subprocess.Popen(["sleep", "60"])
    tree = Tree(process.pid)
    tree.look(1)
    (member,) = tree.members
    member.start_ticks -= 1
    lives = tree.look(2)
    assert [life.event for life in lives] == ["gone", "seen"]
    process.kill()
    process.wait()


def test_more_processes_than_are_followed_are_cut_off_and_it_is_known() -> None:
    count = MOST_PROCESSES + 20
    code = (
        f"import os, time\nfor _ in range({count}):\n os.fork() or time.sleep(60)\nprint('ready', flush=True); input()"
    )
    words = [sys.executable, "-I", "-S", "-c", code]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    assert process.stdout is not None
    process.stdout.readline()
    tree = Tree(process.pid)
    tree.look(1)
    assert tree.cut_off
    assert len(list(tree.members)) == MOST_PROCESSES
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_process_that_is_over_was_never_seen() -> None:
    process = subprocess.Popen(["true"])
    while "Z" not in Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2]:
        time.sleep(0.01)
    assert Tree(process.pid).look(1) == []
    process.wait()
