"""The pool of the native core against others, on two threads: nanoseconds a task, in one process.

Builds the peers that are installed: gcc's OpenMP, oneTBB (Debian: libtbb-dev), Taskflow (headers; the environment
variable TASKFLOW names the folder that holds ``taskflow/taskflow.hpp``). A peer that is missing is left out.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.harness import Options, Pair, Side, Suite

SOURCES = Path(__file__).parent
PEERS = ("oneTBB", "Taskflow", "OpenMP")
WORKS = {
    "fib": "fork and join, two children a node",
    "skynet": "ten children a node",
    "nqueens": "as many children as there are free columns",
    "flat": "a loop over small pieces",
    "tasks": "one group of as many tasks",
    "region": "a loop over two pieces of nothing",
    "wake": "the same after 8 ms of sleep",
    "meeting": "the same, both threads at once",
}


def build(folder: Path) -> ctypes.CDLL:
    """The library of all pools, built in ``folder``."""
    configure = ["cmake", "-S", str(SOURCES), "-B", str(folder), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]
    configure.append(f"-DTASKFLOW={os.environ.get('TASKFLOW', '')}")
    for command in (configure, ["cmake", "--build", str(folder)]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    library = ctypes.CDLL(str(folder / "libpool_bench.so"))
    library.pool_bench.restype = ctypes.c_double
    return library


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Every kind of work, ours against every peer that could be built."""
    os.environ["ASSAY_THREADS"] = "2"
    library = build(options.folder / "pool")

    def side(pool: str, work: str) -> Side:
        return Side(pool, partial(library.pool_bench, pool.encode(), work.encode()))

    found = [peer for peer in PEERS if library.pool_bench_has(peer.encode())]
    for peer in sorted(set(PEERS) - set(found)):
        sys.stderr.write(f"{peer} is not installed, so it is left out\n")
    yield [
        Pair(f"{work} ({peer})", side("ours", work), side(peer, work), unit="ns") for work in WORKS for peer in found
    ]


SUITE = Suite(title="Pool of workers", pairs=pairs, blocks=31)
