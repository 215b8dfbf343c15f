"""What the simulated driver reports, and the truth about it, computed apart from the library.

A scenario is a text file of lines, which may be added to while the library is in use:

``device N key=value …``  a GPU: idle_w, counter_period_ns, instant_period_ns, instant_window_ns, average_window_ns …
``load N start end watts [period on]``  power above idle, in pulses where a period is given
``reason N bits start end``  bits that slow the clocks
``reset N at``  its counter begins at 0 again
``fail FUNCTION N code start end``  a call that returns an error; N is -1 for every device
``field N id code``  a field that it does not answer
``process N pid start end``  a process that holds it
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("nvml.c")
LIBRARY = "libnvidia-ml.so.1"
FOREVER_NS = 1 << 62
MS = 1_000_000


def build(*without: str) -> Path:
    """The folder with the library, which lacks the functions named; skips the test where there is no C compiler.

    It is built once and kept among the machine's temporary files, by the hash of its source.
    """
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler to build the simulated driver with")
    key = hashlib.sha256(SOURCE.read_bytes() + " ".join(without).encode()).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"assay-simulated-nvml-{os.getuid()}-{key}"
    if not (place / LIBRARY).exists():
        place.mkdir(parents=True, exist_ok=True)
        hidden = " ".join(f"{name};" for name in without)
        script = place / f"names-{os.getpid()}"
        script.write_text("{ global: nvml*; simulated*; local: _; " + hidden + " };", encoding="utf-8")
        made = place / f"made-{os.getpid()}"
        flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden"]
        words = [compiler, *flags, f"-Wl,--version-script={script}", "-o", str(made), str(SOURCE)]
        subprocess.run(words, check=True)
        made.replace(place / LIBRARY)
    return place


class Scenario:
    """The file, and what is true of the devices in it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.begun_ns = time.monotonic_ns()
        self.born_ns = self.begun_ns - 3_600_000 * MS
        self._idle_w: dict[int, float] = {}
        self._loads: list[tuple[int, int, int, float, int, int]] = []
        file.write_text("", encoding="utf-8")

    def variables(self, library: Path, clock: Clock | None = None) -> dict[str, str]:
        """What a process needs in its environment to meet these devices."""
        turned = {} if clock is None else {"NVML_SIMULATED_CLOCK": str(clock.file)}
        return {"LD_LIBRARY_PATH": str(library), "NVML_SIMULATED": str(self.file), **turned}

    def device(self, number: int = 0, *, idle_w: float = 60.0, **settings: object) -> str:
        """Add a GPU; its UUID."""
        uuid = str(settings.pop("uuid", f"GPU-00000000-0000-0000-0000-{number:012d}"))
        instances = settings.pop("instances", ())
        self._idle_w[number] = idle_w
        given = {"uuid": uuid, "name": "Simulated_H100", "idle_w": idle_w, "born_ns": self.born_ns, **settings}
        words = [f"{key}={str(value).replace(' ', '_')}" for key, value in given.items()]
        words += [f"instance={name}" for name in instances]  # type: ignore[attr-defined]
        self._add("device", number, *words)
        return uuid

    def load(self, number: int, start_ns: int, end_ns: int, watts: float, *, pulse: tuple[int, int] = (0, 0)) -> None:
        """Add power for some time; ``pulse`` is the period and the part of it that is on, in nanoseconds."""
        self._loads.append((number, start_ns, end_ns, watts, *pulse))
        self._add("load", number, start_ns, end_ns, watts, *pulse)

    def reason(self, number: int, bits: int, start_ns: int, end_ns: int) -> None:
        """Slow the clocks for some time."""
        self._add("reason", number, bits, start_ns, end_ns)

    def reset(self, number: int, at_ns: int) -> None:
        """Let the counter begin at 0 again."""
        self._add("reset", number, at_ns)

    def fail(self, function: str, code: int, *, number: int = -1, since: int = 0, until: int = FOREVER_NS) -> None:
        """Let a call fail."""
        self._add("fail", function, number, code, since, until)

    def field(self, number: int, identifier: int, code: int = 3) -> None:
        """Let a field be unknown."""
        self._add("field", number, identifier, code)

    def process(self, number: int, pid: int, start_ns: int = 0, end_ns: int = FOREVER_NS) -> None:
        """Let a process hold the device."""
        self._add("process", number, pid, start_ns, end_ns)

    def idle_w(self, number: int) -> float:
        """Power of the device while nothing runs."""
        return self._idle_w[number]

    def energy_j(self, number: int, start_ns: int, end_ns: int) -> float:
        """The truth."""
        own = [load for load in self._loads if load[0] == number]
        idle_j = self._idle_w[number] * (end_ns - start_ns) / 1e9
        return sum((_above_j(load, end_ns) - _above_j(load, start_ns) for load in own), idle_j)

    def reread(self) -> None:
        """Take in the loads that another process added."""
        self._loads.clear()
        for line in self.file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words[:1] == ["load"]:
                number, start_ns, end_ns = (int(word) for word in words[1:4])
                pulse = [int(word) for word in words[5:7]] or [0, 0]
                self._loads.append((number, start_ns, end_ns, float(words[4]), pulse[0], pulse[1]))

    def _add(self, *words: object) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(" ".join(str(word) for word in words) + "\n")


def _above_j(load: tuple[int, int, int, float, int, int], until_ns: int) -> float:
    """Energy of one load until then: pulse by pulse, unlike the library."""
    _, start_ns, end_ns, watts, period_ns, on_ns = load
    until_ns = min(until_ns, end_ns)
    if until_ns <= start_ns:
        return 0.0
    if not period_ns:
        return watts * (until_ns - start_ns) / 1e9
    begins = range(start_ns, until_ns, period_ns)
    return watts * sum(min(begin + on_ns, until_ns) - begin for begin in begins) / 1e9


class Clock:
    """The driver's time, turned by hand."""

    def __init__(self, file: Path, now_ns: int) -> None:
        self.file = file
        file.write_bytes(struct.pack("q", now_ns))
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), 8)
        self.now_ns = now_ns

    def turn_to(self, now_ns: int) -> None:
        """Let it be that late."""
        self.now_ns = now_ns
        self._page[:8] = struct.pack("q", now_ns)
