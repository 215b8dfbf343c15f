from __future__ import annotations

import os
import subprocess
from pathlib import Path

from assay.observe.tree.proc import children_of, link, parse_stat, read, readable, stat_of, words_of


def test_a_name_with_spaces_and_parentheses_does_not_shift_the_fields() -> None:
    stat = parse_stat(b"12 (a) Z 1 (b) S 3 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 2 0 777 9 10")
    assert (stat.name, stat.state, stat.parent, stat.start_ticks) == ("a) Z 1 (b", "S", 3, 777)


def test_a_first_thread_that_ended_is_not_the_end_of_its_process() -> None:
    line = b"12 (a) Z 3 12 12 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 %d 0 777"
    assert [parse_stat(line % threads).is_over for threads in (0, 1, 2)] == [True, True, False]


def test_bytes_that_a_target_chose_become_text_that_can_be_written_down() -> None:
    assert readable("ü\n".encode() + b"\xff\0") == "ü\n\\xff\\x00"


def test_our_own_process_is_found() -> None:
    stat = stat_of(os.getpid())
    assert stat is not None
    assert stat.parent == os.getppid()
    assert words_of(os.getpid()) == tuple(Path("/proc/self/cmdline").read_text().rstrip("\0").split("\0"))
    process = subprocess.Popen(["sleep", "60"])
    assert process.pid in children_of(os.getpid())
    process.kill()
    process.wait()


def test_what_is_not_there_is_none() -> None:
    assert (read("/proc/0/stat"), link("/proc/0/exe"), stat_of(0), words_of(0)) == (None, None, None, None)
    assert children_of(0) == []
