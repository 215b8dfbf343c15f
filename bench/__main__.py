"""``python -m bench NAME [--quick] [--part SECONDS] [-o FILE.md]``: measure one suite; without a name, list them."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bench
from assay.store import open_store
from bench.harness import Figure, Measured, Options, Suite, measure
from bench.keeping import keep
from bench.parts import Parts
from bench.table import FIGURE_HEAD, RATIO_HEAD, figure_rows, markdown_table, ratio_rows, text_table


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the results as runs, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="the suite")
    parser.add_argument("--quick", action="store_true", help="small inputs, six blocks: to see that it works")
    parser.add_argument("--blocks", type=int, help="blocks to measure")
    parser.add_argument("--part", type=float, help="measure so many seconds, keep the blocks, and go on next time")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6, help="order of the measurements")
    parser.add_argument("--store", default=".assay/bench", help="where the runs go (default: %(default)s)")
    parser.add_argument("-o", "--output", type=Path, help="also write the tables as Markdown")
    options = parser.parse_args(arguments)
    names = suite_names()
    if options.name not in names:
        sys.stdout.write("suites: " + ", ".join(names) + "\n")
        return 0 if options.name is None else 2
    suite: Suite = importlib.import_module(f"bench.{options.name}").SUITE
    return _run(suite, options)


def suite_names() -> list[str]:
    """Every module below this one that declares a ``SUITE``: ``spans``, ``vgpu.launch``. None is loaded."""
    root = Path(bench.__path__[0])
    declaring = [path for path in root.rglob("*.py") if "\nSUITE = " in path.read_text(encoding="utf-8")]
    parts = [path.relative_to(root).with_suffix("").parts for path in declaring]
    return sorted(".".join(each[:-1] if each[-1] == "__init__" else each) for each in parts)


def _run(suite: Suite, options: argparse.Namespace) -> int:
    blocks = options.blocks or (suite.quick_blocks if options.quick else suite.blocks)
    parts = Parts(Path(options.store) / "parts" / options.name, options.part) if options.part else None
    with parts.lasting() if parts else _passing() as folder:
        how = Options(quick=options.quick, folder=folder)
        with suite.pairs(how) as pairs:
            results = (parts.measure if parts else measure)(pairs, blocks, options.seed)
        done = min((len(result.ours) for result in results), default=blocks)
        if done < blocks:
            sys.stdout.write(f"{done} of {blocks} blocks are measured; run it again to go on\n")
            return 0
        figures = list(suite.figures(how))
    ids = keep(open_store(options.store), options.name, results, figures)
    title = f"{suite.title}: {blocks} blocks, seed {options.seed}{', quick' if options.quick else ''}"
    sys.stdout.write(_tables(title, suite, results, figures, markdown=False))
    sys.stdout.write(f"\n{len(ids)} runs in {options.store}\n")
    if options.output:
        options.output.write_text(_tables(title, suite, results, figures, markdown=True), encoding="utf-8")
    return 0


@contextmanager
def _passing() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        yield Path(folder)


def _tables(title: str, suite: Suite, results: list[Measured], figures: list[Figure], *, markdown: bool) -> str:
    table = markdown_table if markdown else text_table
    parts = [f"{'## ' if markdown else ''}{title}\n"]
    if results and suite.overview:
        parts.append(table(*suite.overview(results)))
    elif results:
        parts.append(table(RATIO_HEAD, ratio_rows(results)))
    if figures:
        parts.append(table(FIGURE_HEAD, figure_rows(figures)))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
