"""The allocator against mimalloc, jemalloc and tcmalloc, and the tiers against compressor and disk.

Each side is a process of its own, which prints nanoseconds an operation (or a byte). Peers are whatever malloc the
process has, preloaded from Debian's libmimalloc2.0, libjemalloc2 and libtcmalloc-minimal4; those that are missing are
left out. Needs g++.
"""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.harness import Options, Pair, Side, Suite

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "native/runtime"
PEERS = {
    "mimalloc": "libmimalloc.so.2",
    "jemalloc": "libjemalloc.so.2",
    "tcmalloc": "libtcmalloc_minimal.so.4",
}
PATTERNS = {
    "stack-of-64": "64 bytes, last in first out",
    "mixed-small": "mixed small",
    "handed-over": "given back by another thread",
    "reused-tensors": "reused tensors of 2 to 16 MiB",
}
KINDS = {
    "half": "4 times the limit, half by lz4",
    "entropy": "4 times the limit, a third by zstd",
    "noise": "4 times the limit, by file",
}


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Every pattern with every peer, and every kind of data with its floor."""
    patterns, tiers = (_build(name, options.folder) for name in ("patterns", "tiers"))
    peers = {name: found for name, file in PEERS.items() if (found := _library(file)) is not None}
    repetitions = 3 if options.quick else 9
    yield [
        Pair(
            words,
            Side("ours", partial(_pattern, patterns, pattern, None, repetitions)),
            Side(name, partial(_pattern, patterns, pattern, library, repetitions)),
            unit="ns",
        )
        for pattern, words in PATTERNS.items()
        for name, library in peers.items()
    ] + [
        Pair(
            words,
            Side("ours", partial(_numbers, [str(tiers), kind, "ours", str(options.folder)])),
            Side("what compressor and disk allow", partial(_numbers, [str(tiers), kind, "floor", str(options.folder)])),
            unit="ns/B",
        )
        for kind, words in KINDS.items()
    ]


def _build(name: str, folder: Path) -> Path:
    program = folder / name
    sources = [*RUNTIME.glob("src/*.cpp"), *RUNTIME.glob("src/*/*.cpp"), *ROOT.glob("native/core/src/*.cpp")]
    includes = [f"-I{path}" for path in (RUNTIME / "include", RUNTIME / "src", ROOT / "native/core/include")]
    command = ["g++", "-O2", "-DNDEBUG", "-std=c++20", "-fPIC", "-fvisibility=hidden", *includes]
    own = Path(__file__).with_name("native") / f"{name}.cpp"
    subprocess.run([*command, str(own), *map(str, sources), "-o", str(program), "-pthread", "-ldl"], check=True)
    return program


def _library(file: str) -> str | None:
    places = (Path("/usr/lib"), *Path("/usr/lib").glob("*-linux-gnu"))
    return next((str(place / file) for place in places if (place / file).exists()), None)


def _pattern(program: Path, pattern: str, library: str | None, repetitions: int) -> float:
    side = "ours" if library is None else "malloc"
    return _numbers([str(program), side, pattern, str(repetitions)], library)


def _numbers(command: list[str], library: str | None = None) -> float:
    environment = os.environ | ({"LD_PRELOAD": library} if library else {})
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return statistics.median(float(line) for line in done.stdout.split())


SUITE = Suite(title="Memory", pairs=pairs, blocks=9)
