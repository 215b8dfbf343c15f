"""One question at full size in a process of its own, so that its peak memory is its own: prints one line of JSON.

``python -m bench.spans.scale record STORE COUNT`` or ``python -m bench.spans.scale sketch|exact|slice STORE``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.observe.environment import capture
from assay.record.enums import Backend, DeviceKind, SeriesKind, TargetKind
from assay.record.plan import Outcome, Plan, Target, Workload
from assay.record.rows import Device
from assay.store import StoredRun, open_store
from bench.spans.traces import spans

SLICE_TOKENS = 100


def record(location: str, count: int) -> dict[str, Any]:
    """Record spans through the store, from the first append to the sealed run."""
    target = Target(kind=TargetKind.BENCHMARK, name="spans", backend=Backend.NULL)
    store, environment = open_store(location), capture()
    chunks = spans(count)
    first = next(chunks)
    begin = time.perf_counter()
    with store.draft(Plan(target=target, workload=Workload(name="decoder")), environment) as draft:
        draft.spans.append(**first)
        for chunk in chunks:
            draft.spans.append(**chunk)
        appended = time.perf_counter()
        draft.add(devices=[Device(id="cpu:0", kind=DeviceKind.CPU, name="cpu")])
        draft.finish(outcome=Outcome(exit_code=0))
    run = draft.seal()
    end = time.perf_counter()
    series = [entry for entry in run.record.series if entry.kind in {SeriesKind.SPANS, SeriesKind.HISTOGRAMS}]
    rows = sum(entry.rows for entry in series if entry.kind is SeriesKind.SPANS)
    if rows != count:
        raise RuntimeError(f"{count} spans were appended, {rows} are in the run")
    return {
        "append_s": appended - begin,
        "record_s": end - begin,
        "bytes_per_span": sum(entry.size_bytes for entry in series) / rows,
    }


def ask(question: str, location: str) -> dict[str, Any]:
    """Answer one question about the only run of a store."""
    run = open_store(location).get("@latest")
    begin = time.perf_counter()
    rows = QUESTIONS[question](run)
    return {"answer_s": time.perf_counter() - begin, "rows": rows}


def _slice(run: StoredRun) -> int:
    first = 1000
    return int(run.spans(tokens=(first, first + SLICE_TOKENS - 1)).num_rows)


QUESTIONS: dict[str, Callable[[StoredRun], int]] = {
    "sketch": lambda run: len(run.percentiles(("step", "layer"), (0.5, 0.99))),
    "exact": lambda run: len(run.percentiles(("step", "layer"), (0.5, 0.99), exact=True)),
    "slice": _slice,
}


def peak_kib() -> int:
    """Largest resident set of this process alone; what getrusage gives also counts its parent before the exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def main() -> None:
    """Do what the arguments say."""
    what, location = sys.argv[1:3]
    answer = record(location, int(sys.argv[3])) if what == "record" else ask(what, location)
    answer["peak_mb"] = peak_kib() / 1024
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
