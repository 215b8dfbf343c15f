from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.measure.target import keeper
from assay.measure.target.start import KEEPER


class Asked:
    """The keeper, run as the file that it is, and our ends of its lines."""

    def __init__(self, request: bytes) -> None:
        pairs = [os.pipe() for _ in range(4)]
        (asked, ask), (gate, self.gate), (self.verdict, say), (self.reply, answer) = pairs
        theirs = (asked, gate, say, answer)
        words = [sys.executable, "-I", "-S", str(KEEPER), *map(str, theirs)]
        self.process = subprocess.Popen(words, pass_fds=theirs)
        os.write(ask, request)
        for descriptor in (ask, *theirs):
            os.close(descriptor)
        self.held = os.read(self.reply, 100).split()

    def release(self) -> list[int]:
        """Open the gate; what the verdict says."""
        os.write(self.gate, b"!")
        return [int(word) for word in _rest(self.verdict).split()]

    def rest(self) -> list[list[bytes]]:
        """Every event that is still to come."""
        return [line.split() for line in _rest(self.reply).splitlines()]

    def close(self) -> int:
        """The keeper's own status."""
        for descriptor in (self.gate, self.verdict, self.reply):
            os.close(descriptor)
        return self.process.wait()


def _rest(descriptor: int) -> bytes:
    read = b""
    while piece := os.read(descriptor, 1000):
        read += piece
    return read


def test_a_program_waits_at_the_gate_until_it_is_opened() -> None:
    before_ns = time.perf_counter_ns()
    asked = Asked(b"/bin/sleep\x002\0sleep\x000.1\0A=b=c")
    word, pid, peak_kib = asked.held
    assert word == b"held"
    assert 2_000 < int(peak_kib) < 32_000
    assert "python" in Path(f"/proc/{int(pid)}/cmdline").read_text()
    opened_ns = time.perf_counter_ns()
    (start_ns,) = asked.release()
    assert Path(f"/proc/{int(pid)}/cmdline").read_text() == "sleep\x000.1\0"
    ((ended, end_ns, status, *usage),) = asked.rest()
    assert (ended, int(status), len(usage)) == (b"ended", 0, 16)
    assert before_ns < opened_ns < start_ns < int(end_ns) < time.perf_counter_ns()
    assert asked.close() == 0


@pytest.mark.parametrize(
    ("request_bytes", "number"), [(b"/no/such/program\0001\0true", 2), (b"/etc/passwd\0001\0x", 13)]
)
def test_what_the_system_refuses_is_answered_with_its_number(request_bytes: bytes, number: int) -> None:
    asked = Asked(request_bytes)
    assert asked.release()[1:] == [number]
    asked.close()


def test_a_target_whose_gate_never_opens_ends() -> None:
    asked = Asked(b"/bin/sleep\x002\0sleep\x0060\0A=b")
    os.close(asked.gate)
    ((ended, _, status, *_),) = asked.rest()
    assert (ended, os.waitstatus_to_exitcode(int(status))) == (b"ended", 1)
    asked.gate = os.dup(asked.verdict)
    asked.close()


def test_what_loses_its_parent_stays_below_the_keeper_and_is_waited_for() -> None:
    asked = Asked(b"/bin/sh\x003\0sh\0-c\0setsid sleep 0.4 & exit 3\0PATH=/bin:/usr/bin")
    asked.release()
    ((_, _, status, *_),) = asked.rest()  # ends once nothing is left of the tree
    assert os.waitstatus_to_exitcode(int(status)) == 3
    assert asked.close() == 0


def test_a_target_that_is_stopped_and_continued_is_told() -> None:
    asked = Asked(b"/bin/sleep\x002\0sleep\x0060\0A=b")
    asked.release()
    told = []
    for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGKILL):
        os.kill(int(asked.held[1]), number)
        told.append(os.read(asked.reply, 1000).split()[:2])
    assert told[:2] == [[b"stopped", b"19"], [b"continued"]]
    assert told[2][0] == b"ended"
    asked.close()


def test_its_peak_is_read_in_kibibytes() -> None:
    assert keeper.peak_rss_kib() > 1_000


def test_a_private_copy_is_not_inherited_and_the_original_is_closed() -> None:
    reading, writing = os.pipe()
    copy = keeper.private(reading)
    assert not os.get_inheritable(copy)
    os.write(writing, b"x")
    assert os.read(copy, 1) == b"x"
    for descriptor in (copy, writing):
        os.close(descriptor)
