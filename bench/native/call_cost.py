"""What a call through our stable-ABI binding costs, against the same function bound by nanobind.

Builds both in a temporary folder (needs nanobind, cmake, ninja and Python's headers), then times them in turns.
Run: ``python bench/native/call_cost.py``
"""

from __future__ import annotations

import importlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import repeat
from pathlib import Path

SOURCES = Path(__file__).with_name("calls")
CALLS = 20_000
ROUNDS = 151
ARGUMENTS: dict[str, tuple[object, ...]] = {
    "nothing": (),
    "add": (3, 4),
    "length": ("twelve bytes",),
    "nothing_without_gil": (),
}


def build(folder: Path) -> None:
    """Both modules, in ``folder``."""
    configure = ["cmake", "-S", str(SOURCES), "-B", str(folder), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]
    for command in ([*configure, f"-DPython_EXECUTABLE={sys.executable}"], ["cmake", "--build", str(folder)]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def call_ns(function: Callable[..., object], arguments: tuple[object, ...]) -> float:
    """Nanoseconds of one call, the loop included, in time of this thread: steadier than wall time on a busy machine."""
    call = partial(function, *arguments) if arguments else function
    start_ns = time.thread_time_ns()
    for _ in repeat(None, CALLS):
        call()
    return (time.thread_time_ns() - start_ns) / CALLS


def compare(name: str, ours: Callable[..., object], theirs: Callable[..., object]) -> str:
    """One line: both medians and the median of the paired ratios."""
    pairs = [(call_ns(ours, ARGUMENTS[name]), call_ns(theirs, ARGUMENTS[name])) for _ in range(ROUNDS)]
    ours_ns, theirs_ns = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(ours_ns / theirs_ns for ours_ns, theirs_ns in pairs)
    return f"{name:20} {ours_ns:8.1f} {theirs_ns:10.1f} {ratio:8.2f}"


def main() -> None:
    """Build, time, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        sys.path.insert(0, str(folder))
        ours, theirs = importlib.import_module("ours"), importlib.import_module("theirs")
        print(f"{'call':20} {'ours ns':>8} {'nanobind ns':>10} {'ratio':>6}")
        for call in ARGUMENTS:
            print(compare(call, getattr(ours, call), getattr(theirs, call)))
        for module in (ours, theirs):
            print(f"{module.__name__}: {Path(str(module.__file__)).stat().st_size} bytes")


if __name__ == "__main__":
    main()
