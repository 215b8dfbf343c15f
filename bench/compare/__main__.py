"""``python -m bench.compare [PART …] [--pairs 600] [-o FILE.md]``: simulate, print tables, say which bars are kept.

Parts: ``unchanged`` (false claims and coverage), ``peers`` (the same pairs under the rules of other tools), ``changed``
(what is found), ``elsewhere`` (changes that are no cell's), ``declined``, ``stopping`` (looking early), ``planned``
(predicted blocks) and ``equivalence``. All without a part.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.compare import parts
from bench.compare.parts import Table
from bench.table import markdown_table, text_table

PARTS: dict[str, Callable[[int, str], Table]] = {
    "unchanged": parts.unchanged,
    "peers": parts.peers,
    "changed": parts.changed,
    "elsewhere": parts.elsewhere,
    "declined": parts.declined,
    "stopping": parts.stopping,
    "planned": parts.planned,
    "equivalence": parts.equivalence,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the asked parts."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--pairs", type=int, default=600, help="pairs of each scenario (default: %(default)s)")
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    parser.add_argument("-o", "--output", type=Path, help="also write the tables as Markdown")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.part) - set(PARTS))
    if unknown:
        parser.error(f"no part {unknown[0]}; parts: {', '.join(PARTS)}")
    written = []
    for name in options.part or PARTS:
        start_s = time.process_time()
        table = PARTS[name](options.pairs, options.only)
        spent_s = time.process_time() - start_s
        sys.stdout.write(f"{table.title} ({options.pairs} pairs each, {spent_s:.0f} s of processor time)\n\n")
        sys.stdout.write(text_table(table.head, table.rows) + "\n" + "\n".join(table.notes) + "\n\n")
        sys.stdout.flush()
        written.append(
            f"## {table.title}\n\n{markdown_table(table.head, table.rows)}\n" + "\n".join(table.notes) + "\n"
        )
    if options.output:
        options.output.write_text("\n".join(written), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
