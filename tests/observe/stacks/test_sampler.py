"""The native reader against py-spy, and against processes whose memory is wrong."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.observe.stacks.interpreter import Interpreter
from assay.observe.stacks.layouts import LAYOUTS, Layout
from assay.observe.stacks.sampler import StackSampler, core_obstacle
from assay.observe.stacks.tables import Row
from assay.observe.stacks.tree import Frame, FrameTree
from tests.observe.stacks.programs import STANDING, VERSIONS, python_of, standing

pytestmark = pytest.mark.skipif(core_obstacle() is not None, reason=str(core_obstacle()))
PERIOD_NS = 2_000_000
PATIENCE_S = 30.0


@contextmanager
def _sampling() -> Iterator[StackSampler]:
    sampler = StackSampler(PERIOD_NS)
    try:
        yield sampler
    finally:
        sampler.close()


class _Seen:
    """Both tables as they grow."""

    def __init__(self, sampler: StackSampler) -> None:
        self._sampler = sampler
        self._tree = FrameTree()
        self.frames: list[tuple[int, Frame]] = []
        self.rows: list[Row] = []

    def take(self) -> None:
        self.rows += self._sampler.take(self._tree)
        self.frames += [(parent, Frame(name, file, line)) for parent, name, file, line in self._tree.take_fresh()]

    def until(self, rows: int) -> None:
        give_up_s = time.monotonic() + PATIENCE_S
        while len(self.rows) < rows and time.monotonic() < give_up_s:
            time.sleep(0.01)
            self.take()
        assert len(self.rows) >= rows

    def stack(self, node: int) -> tuple[Frame, ...]:
        found: list[Frame] = []
        while node >= 0:
            node, frame = self.frames[node]
            found.append(frame)
        return tuple(reversed(found))


def _oracle(pid: int) -> dict[int, tuple[Frame, ...]]:
    program = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if program is None:
        pytest.skip("py-spy is not installed")
    words = [program, "dump", "--nonblocking", "--json", "--full-filenames", "--pid", str(pid)]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"py-spy can't look: {done.stderr.decode()[:200]}")
    found = {}
    for thread in json.loads(done.stdout):
        frames = [Frame(frame["name"], frame["filename"], frame["line"]) for frame in thread["frames"]]
        found[thread["os_thread_id"] or pid] = tuple(reversed(frames))
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_stacks_are_those_that_py_spy_sees(version: str, tmp_path: Path) -> None:
    with standing(tmp_path, python=python_of(version)) as process, _sampling() as sampler:
        assert isinstance(sampler.watch(process.pid), Interpreter)
        seen = _Seen(sampler)
        oracle = _oracle(process.pid)
        seen.until(60)
        tasks = {int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()}
        stacks = {tid: seen.stack(node) for _, _, tid, node, _ in seen.rows[-3:]}
    assert stacks.keys() == tasks
    assert {pid for _, pid, *_ in seen.rows} == {process.pid}
    # before 3.11 py-spy does not know the kernel's numbers of threads without stopping them
    known = {tid: stack for tid, stack in oracle.items() if tid in tasks and len(oracle) == len(tasks)}
    assert {tid: stacks[tid] for tid in known} == known
    assert sorted(stacks.values()) == sorted(oracle.values()) or len(oracle) < len(tasks)


def test_lines_and_names_are_those_of_the_program(tmp_path: Path) -> None:
    with standing(tmp_path) as process, _sampling() as sampler:
        sampler.watch(process.pid)
        seen = _Seen(sampler)
        seen.until(60)
    lines = STANDING.split("\n")
    # it has said that it is ready, but may be on its way to where it will stand
    last = seen.rows[::-1]
    main = next(seen.stack(node) for _, pid, tid, node, _ in last if tid == pid)
    worker = next(seen.stack(node) for _, pid, tid, node, _ in last if tid != pid)
    assert {running for *_, running in last[:6]} == {False}
    assert main[-1] == Frame("made", "made up €", 3)
    names = [frame.function for frame in worker if frame.file.endswith("program.py")]
    assert names == ["worker", "straße", *["Shop.sell"] * 4]
    inner = [frame for frame in worker if frame.function == "Shop.sell"]
    assert "self.sell(" in lines[inner[0].line - 1]
    assert "end.wait()" in lines[inner[-1].line - 1]


def test_times_are_monotonic_and_of_this_clock(tmp_path: Path) -> None:
    with standing(tmp_path) as process, _sampling() as sampler:
        before_ns = time.perf_counter_ns()
        sampler.watch(process.pid)
        seen = _Seen(sampler)
        seen.until(30)
        after_ns = time.perf_counter_ns()
    times = [time_ns for time_ns, *_ in seen.rows]
    assert times == sorted(times)
    assert before_ns <= times[0] <= times[-1] <= after_ns


def test_a_process_that_ends_is_let_go() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process, _sampling() as sampler:
        give_up_s = time.monotonic() + PATIENCE_S
        while not isinstance(sampler.watch(process.pid), Interpreter) and time.monotonic() < give_up_s:
            time.sleep(0.01)
        process.kill()
        process.wait()
        while sampler.counts.unreadable == 0 and time.monotonic() < give_up_s:
            sampler.take(FrameTree())
            time.sleep(0.01)
        assert sampler.counts.unreadable == 1


def test_running_code_is_read_with_few_stacks_torn(tmp_path: Path) -> None:
    source = (
        "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint('ready', flush=True)\nwhile True: fib(18)\n"
    )
    with standing(tmp_path, source) as process, _sampling() as sampler:
        sampler.watch(process.pid)
        seen = _Seen(sampler)
        seen.until(200)
    assert sampler.counts.torn <= 0.05 * sampler.counts.rows
    stacks = [seen.stack(node) for *_, node, _ in seen.rows]
    assert sum(running is True for *_, running in seen.rows) > len(seen.rows) / 2
    assert {stack[0].function for stack in stacks if stack} == {"<module>"}
    assert {frame.function for stack in stacks for frame in stack[1:]} == {"fib"}
    assert max(len(stack) for stack in stacks) <= 20


class _Fake:
    """The state of an interpreter in this process's own memory, as wrong as a test wants it."""

    BYTES = 1 << 14
    LAYOUT = LAYOUTS[3, 11]

    def __init__(self) -> None:
        self._memory = np.zeros(self.BYTES // 8, np.int64)
        self.start = int(self._memory.ctypes.data)
        self.runtime, self.interpreter, self.thread, self.frame, self.code = range(0, 5 * 1024, 1024)
        self.put(self.runtime + self.LAYOUT.runtime_interpreters, self.start + self.interpreter)
        self.put(self.interpreter + self.LAYOUT.interpreter_threads, self.start + self.thread)
        self.put(self.thread + self.LAYOUT.thread_native, os.getpid())
        self.put(self.thread + self.LAYOUT.thread_frame, self.start + 6 * 1024)
        self.put(6 * 1024 + self.LAYOUT.cframe_frame, self.start + self.frame)
        self._code(self.code)
        self.put(self.frame + self.LAYOUT.frame_code, self.start + self.code)
        self.put(self.frame + self.LAYOUT.frame_instruction, self.start + self.code + self.LAYOUT.code_instructions)

    def put(self, place: int, value: int) -> None:
        self._memory.view(np.uint8)[place : place + 8] = np.frombuffer(struct.pack("<q", value), np.uint8)

    def _code(self, place: int) -> None:
        for field in (self.LAYOUT.code_name, self.LAYOUT.code_filename):
            self.put(place + field, id("a text that lies in this process"))
        self.put(place + self.LAYOUT.code_lines, id(b"\x80\x00"))
        self.put(place + self.LAYOUT.code_first_line, 7)

    def sample(self, layout: Layout | None = None) -> tuple[int, ...]:
        """Counts after a while."""
        core: Any = pytest.importorskip("assay.vgpu._native")
        handle = core.stacks_open(PERIOD_NS)
        try:
            core.stacks_watch(handle, os.getpid(), self.start + self.runtime, array("q", layout or self.LAYOUT))
            give_up_s = time.monotonic() + PATIENCE_S
            counts: Sequence[int] = ()
            while time.monotonic() < give_up_s and not any(counts[:3]):
                time.sleep(0.01)
                counts = core.stacks_drain(handle)[3]
            return tuple(counts)
        finally:
            core.stacks_close(handle)


def test_a_sound_state_is_read() -> None:
    rows, torn, cut, *_ = _Fake().sample()
    assert rows > 0
    assert (torn, cut) == (0, 0)


def test_a_cycle_of_frames_is_cut() -> None:
    fake = _Fake()
    fake.put(fake.frame + fake.LAYOUT.frame_previous, fake.start + fake.frame)
    _, _, cut, *_ = fake.sample()
    assert cut > 0


def test_a_cycle_of_threads_ends() -> None:
    fake = _Fake()
    fake.put(fake.thread + fake.LAYOUT.thread_next, fake.start + fake.thread)
    assert fake.sample()[0] > 0


@pytest.mark.parametrize("address", [1, 0x7FFF_FFFF_FFFF_F000, -8])
def test_a_frame_without_memory_is_torn(address: int) -> None:
    fake = _Fake()
    fake.put(fake.frame + fake.LAYOUT.frame_previous, address)
    rows, torn, *_ = fake.sample()
    assert (rows, torn > 0) == (0, True)


def test_what_is_no_code_object_is_not_taken_for_one() -> None:
    fake = _Fake()
    rows, torn, *_ = fake.sample(fake.LAYOUT._replace(code_type=fake.start))
    assert (rows, torn > 0) == (0, True)


def test_a_layout_of_another_size_and_a_closed_sampler_are_refused() -> None:
    core: Any = pytest.importorskip("assay.vgpu._native")
    handle = core.stacks_open(PERIOD_NS)
    with pytest.raises(ValueError, match="layout"):
        core.stacks_watch(handle, 1, 0, array("q", [1, 2]))
    core.stacks_close(handle)
    with pytest.raises(ValueError, match="closed"):
        core.stacks_drain(handle)
    with pytest.raises(ValueError, match="period"):
        core.stacks_open(1)
