"""``python -m bench.profile.overhead [--blocks N] [--size S] [--only NAME …] [--keep FILE] [-o FILE.md]``.

Every program runs with and without ``assay profile`` in each block, in random order. Reported are medians of the ratios
within blocks:

*processor, pass* — the target's own time under observation and the observers' (Assay from the gate to the end, its
threads, keeper and tools), over the target's time alone;
*processor, all* — everything that ``assay profile`` and its children used, start, sealing and diagnosis included;
*wall, target* — how much longer the target itself took; *wall, all* — from one prompt to the next.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assay.measure.observers.cost import COST_FILE
from assay.record.base import Measured
from assay.store import open_store
from bench.profile.programs import commands

COLUMNS = ("processor, pass", "processor, all", "wall, target", "wall, all")
_ASLEEP_SHARE = 0.1
BARS = {"processor, pass": "median ≤ 1.05, p90 ≤ 1.12", "wall, all": "median ≤ 1.5"}


@dataclass(frozen=True)
class Ran:
    """One call of a command, children included."""

    wall_s: float
    cpu_s: float


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.profile.overhead", description=__doc__)
    parser.add_argument("--blocks", type=int, default=7, help="blocks to measure (default: %(default)s)")
    parser.add_argument("--size", type=int, default=6, help="seconds that a program takes (default: %(default)s)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these programs alone")
    parser.add_argument("--seed", type=int, default=1, help="order of the measurements")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="pairs are added to it, and those in it count too")
    parser.add_argument("-o", "--output", type=Path, help="also write the table to a file")
    options = parser.parse_args(arguments)
    chosen = {name: words for name, words in commands(options.size).items() if name in (options.only or [name])}
    ratios = _kept(options.keep, chosen)
    with tempfile.TemporaryDirectory(prefix="assay-overhead-") as folder:
        source = random.Random(options.seed)
        for block in range(options.blocks):
            for name in source.sample(list(chosen), len(chosen)):
                pair = _pair(chosen[name], Path(folder), plain_first=source.random() < 0.5)
                ratios[name].append(pair)
                _keep(options.keep, name, pair)
            sys.stderr.write(f"block {block + 1} of {options.blocks}\n")
    text = table({name: pairs for name, pairs in ratios.items() if pairs}, options)
    sys.stdout.write(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    return 0


def _kept(file: Path | None, chosen: Iterable[str]) -> dict[str, list[tuple[float, ...]]]:
    """Pairs that were measured before, by program."""
    ratios: dict[str, list[tuple[float, ...]]] = {name: [] for name in chosen}
    for line in file.read_text().splitlines() if file is not None and file.exists() else ():
        name, *pair = json.loads(line)
        if name in ratios:
            ratios[name].append(tuple(pair))
    return ratios


def _keep(file: Path | None, name: str, pair: tuple[float, ...]) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([name, *pair]) + "\n")


def table(ratios: dict[str, list[tuple[float, ...]]], options: argparse.Namespace) -> str:
    """Medians per program, and over programs the median and the ninth decile."""
    rows = {name: [statistics.median(column) for column in zip(*pairs, strict=True)] for name, pairs in ratios.items()}
    load = os.getloadavg()[0]
    lines = [
        f"{min(map(len, ratios.values()))} pairs of {options.size} s, load {load:.1f}, {os.cpu_count()} processors",
        "",
        "| program | " + " | ".join(COLUMNS) + " |",
        "|---|" + "---|" * len(COLUMNS),
    ]
    lines += [f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |" for name, row in rows.items()]
    columns = list(zip(*rows.values(), strict=True))
    for label, of in (("median", statistics.median), ("p90", _p90)):
        lines.append(f"| **{label}** | " + " | ".join(f"{of(column):.3f}" for column in columns) + " |")
    lines.append("| bar | " + " | ".join(BARS.get(column, "") for column in COLUMNS) + " |")
    return "\n".join(lines) + "\n"


def _pair(words: tuple[str, ...], folder: Path, *, plain_first: bool) -> tuple[float, ...]:
    """Ratios of one pair, in the order of the columns."""
    if plain_first:
        plain, profiled = _run(words, folder), _profiled(words, folder)
    else:
        profiled, plain = _profiled(words, folder), _run(words, folder)
    everything, target, observers_s = profiled
    # a program that sleeps uses next to none: the cost is then seen against one processor for as long
    base_s = plain.cpu_s if plain.cpu_s > _ASLEEP_SHARE * plain.wall_s else plain.wall_s
    return (
        1 + (target.cpu_s - plain.cpu_s + observers_s) / base_s,
        1 + (everything.cpu_s - plain.cpu_s) / base_s,
        target.wall_s / plain.wall_s,
        everything.wall_s / plain.wall_s,
    )


def _profiled(words: tuple[str, ...], folder: Path) -> tuple[Ran, Ran, float]:
    """All that profiling took, what the target alone took meanwhile, and what its observers used."""
    store = folder / "store"
    program = [sys.executable, "-m", "assay", "profile", "-q", "--store", str(store), "--", *words]
    everything = _run(program, folder)
    run = open_store(store).get("@latest")
    cost = json.loads(run.file(COST_FILE).read_bytes())
    cpu = run.metrics["cpu_s"]
    if not isinstance(cpu, Measured):
        raise TypeError(f"the run {run.id} has no processor time: {cpu}")
    return everything, Ran(wall_s=cost["observed_s"], cpu_s=cpu.value), cost["own_s"] + cost["tools_s"]


def _run(words: list[str] | tuple[str, ...], folder: Path) -> Ran:
    start_s = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"it ended with {process.returncode}: {words}")
    return Ran(wall_s=wall_s, cpu_s=usage.ru_utime + usage.ru_stime)


def _p90(values: tuple[float, ...]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.9 * len(values)))]


if __name__ == "__main__":
    raise SystemExit(main())
