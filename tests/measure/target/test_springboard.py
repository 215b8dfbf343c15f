from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from assay.measure.target import springboard
from assay.measure.target.start import SPRINGBOARD


def _ask(request: bytes) -> tuple[int, bytes]:
    """Exit status and reply of the springboard, run as the file that it is."""
    asked, ask = os.pipe()
    answer, answered = os.pipe()
    os.write(ask, request)
    os.close(ask)
    words = [sys.executable, "-I", "-S", str(SPRINGBOARD), str(asked), str(answered)]
    status = subprocess.run(words, pass_fds=(asked, answered), check=False).returncode
    os.close(answered)
    reply = os.read(answer, 100)
    for descriptor in (asked, answer):
        os.close(descriptor)
    return status, reply


def test_a_program_is_started_and_named_with_time_and_memory() -> None:
    before_ns = time.perf_counter_ns()
    status, reply = _ask(b"/bin/sleep\x002\0sleep\x000.1\0A=b=c")
    pid, start_ns, peak_kib = (int(word) for word in reply.split())
    assert status == 0
    assert pid > 1
    assert before_ns < start_ns < time.perf_counter_ns()
    assert 2_000 < peak_kib < 32_000


@pytest.mark.parametrize(
    ("request_bytes", "number"), [(b"/no/such/program\0001\0true", b"2"), (b"/etc/passwd\0001\0x", b"13")]
)
def test_what_the_system_refuses_is_answered_with_its_number(request_bytes: bytes, number: bytes) -> None:
    assert _ask(request_bytes) == (1, number)


def test_its_peak_is_read_in_kibibytes() -> None:
    assert springboard.peak_rss_kib() > 1_000


def test_a_private_copy_is_not_inherited_and_the_original_is_closed() -> None:
    reading, writing = os.pipe()
    copy = springboard.private(reading)
    assert not os.get_inheritable(copy)
    os.write(writing, b"x")
    assert os.read(copy, 1) == b"x"
    for descriptor in (copy, writing):
        os.close(descriptor)
