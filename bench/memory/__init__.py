"""The allocator against mimalloc, jemalloc and tcmalloc, and the tiers against compressor and disk.

Each side is a process of its own, which prints nanoseconds an operation, or a byte. Operations are timed by the
processor time that they take, so that a busy machine disturbs them least; the tiers by wall time, since a disk takes
none. Peers are whatever malloc the process has, preloaded from Debian's libmimalloc2.0, libjemalloc2 and
libtcmalloc-minimal4; those that are missing are left out. Needs g++. With `--quick` it takes two minutes, without ten.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.harness import Figure, Options, Pair, Side, Suite

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
    patterns, tiers = build(("patterns", "tiers"), options.folder)
    peers = {name: found for name, file in PEERS.items() if (found := _library(file)) is not None}
    repetitions = 5 if options.quick else 9
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
            Side("ours", partial(_tiers, tiers, kind, "ours", options.folder)),
            Side("what compressor and disk allow", partial(_tiers, tiers, kind, "floor", options.folder)),
            unit="ns/B",
        )
        for kind, words in KINDS.items()
    ]


def figures(options: Options) -> Iterator[Figure]:
    """Page faults of tensors that are made, written and given back again and again."""
    (patterns,) = build(("patterns",), options.folder)
    for name, file in {"ours": None, **PEERS}.items():
        library = _library(file) if file else None
        if file is None or library is not None:
            faults = _lines(_command(patterns, "reused-tensors", library, 1), library)[-1].split()[0]
            bar = "0" if file is None else ""
            yield Figure(f"page faults of reused tensors, 24 times 2 to 16 MiB, {name}", float(faults), "1", bar)


def build(names: Sequence[str], folder: Path) -> list[Path]:
    """The programs of these names, compiled as a release is, unless the folder has them."""
    own = ROOT / "bench/memory/native"
    includes = [f"-I{path}" for path in (RUNTIME / "include", RUNTIME / "src", ROOT / "native/core/include")]
    command = ["g++", "-O3", "-DNDEBUG", "-std=c++20", "-fPIC", "-fvisibility=hidden", *includes]
    library = folder / "runtime.a"
    if not library.exists():
        sources = [*RUNTIME.glob("src/*.cpp"), *RUNTIME.glob("src/*/*.cpp"), *ROOT.glob("native/core/src/*.cpp")]
        objects = [folder / f"{source.parent.name}-{source.stem}.o" for source in sources]
        calls = [[*command, "-c", str(s), "-o", str(o)] for s, o in zip(sources, objects, strict=True)]
        with ThreadPoolExecutor(os.cpu_count()) as compilers:
            list(compilers.map(partial(subprocess.run, check=True), calls))
        subprocess.run(["ar", "rcs", str(library), *map(str, objects)], check=True)
    programs = [folder / name for name in names]
    for program in programs:
        if not program.exists():
            source = own / f"{program.name}.cpp"
            subprocess.run([*command, str(source), str(library), "-o", str(program), "-pthread", "-ldl"], check=True)
    return programs


def _library(file: str) -> str | None:
    places = (Path("/usr/lib"), *Path("/usr/lib").glob("*-linux-gnu"))
    return next((str(place / file) for place in places if (place / file).exists()), None)


def _pattern(program: Path, pattern: str, library: str | None, repetitions: int) -> float:
    """Nanoseconds of processor time of an operation: the fastest of some repetitions, which others disturbed least."""
    lines = _lines(_command(program, pattern, library, repetitions), library)
    return min(float(line) for line in lines if not line.endswith("faults"))


def _command(program: Path, pattern: str, library: str | None, repetitions: int) -> list[str]:
    return [str(program), "ours" if library is None else "malloc", pattern, str(repetitions)]


def _tiers(program: Path, kind: str, side: str, folder: Path) -> float:
    return float(_lines([str(program), kind, side, str(folder)])[0])


def _lines(command: list[str], library: str | None = None) -> list[str]:
    environment = os.environ | ({"LD_PRELOAD": library} if library else {})
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout.splitlines()


SUITE = Suite(title="Memory", pairs=pairs, figures=figures, blocks=9)
