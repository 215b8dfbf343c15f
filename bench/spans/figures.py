"""Absolute figures at full size: a hundred million spans."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench.harness import Figure, Options

FULL, QUICK = 100_000_000, 3_000_000


def figures(options: Options) -> Iterator[Figure]:
    """Record, then ask; each in a process of its own."""
    count = QUICK if options.quick else FULL
    store = str(options.folder / "store")
    recorded = _child("record", store, str(count))
    yield Figure("spans recorded and sealed", count / recorded["record_s"] / 1e6, "M/s", "at least 3")
    yield Figure("of that, while appending", count / recorded["append_s"] / 1e6, "M/s")
    yield Figure("size of a span", recorded["bytes_per_span"], "B", "at most 6")
    yield Figure("peak memory of recording", recorded["peak_mb"], "MiB", "at most 512")
    questions = {
        "sketch": ("p50 and p99 per step and layer, from histograms", 5),
        "exact": ("p50 and p99 per step and layer, exact", 5),
        "slice": ("all columns of 100 tokens", 0.5),
    }
    for question, (name, bar_s) in questions.items():
        answer = _child(question, store)
        yield Figure(name, answer["answer_s"], "s", f"at most {bar_s}")
        yield Figure(f"{name}: peak memory", answer["peak_mb"], "MiB", "at most 512")


def _child(*arguments: str) -> Any:
    command = [sys.executable, "-m", "bench.spans.scale", *arguments]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
