"""A job to try Assay on: it drops duplicate events, and gets slower than it should as they become more.

assay profile -- python examples/slow_ingest.py     names the cause, its line, and what to do
assay demo                                          the same problem, measured and repaired by Assay
python examples/slow_ingest.py 10000                a smaller job; half the events take a quarter of the time
"""

from __future__ import annotations

import random
import sys


def main(words: list[str]) -> int:
    """Make that many events, a third of them sent twice, and count those that are new."""
    count = int(words[0]) if words else 20_000
    source = random.Random(1)
    events = [f"event-{source.getrandbits(48):012x}" for _ in range(count)]
    arrived = source.sample(events + events[: count // 3], count + count // 3)
    seen: list[str] = []
    for event in arrived:
        if event not in seen:  # a list is searched from its front, every time
            seen.append(event)
    print(f"{len(arrived)} events arrived, {len(seen)} of them new")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
