"""Writers and readers at once, while somebody keeps deleting the index: ``python -m bench.store.crowd``.

Eight processes seal 40 runs each; a reader lists all the time, a vandal deletes index.sqlite. Every run must be
there in the end, no list may fail, and none may show a run that is not whole.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from assay.errors import AssayError
from assay.record.codec import encode_run
from assay.store import Store, open_store
from bench.store.recovery import Child, faults_of, record_run
from tests.makers import make_run


def main() -> int:
    """Run the experiment; the exit status is the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    encode_run(make_run())
    with tempfile.TemporaryDirectory(prefix="assay-crowd-") as scratch:
        result = _experiment(Path(scratch), options.writers, options.runs)
    print(json.dumps(result))
    return 0 if result["listed"] == options.writers * options.runs and not result["faults"] else 1


def _experiment(root: Path, writers: int, runs: int) -> dict[str, object]:
    open_store(root).layout.create()
    begin_s = time.perf_counter()
    crowd = [Child(root, partial(record_run, spans=0), runs=runs) for _ in range(writers)]
    reader = Child(root, partial(_read_until, count=writers * runs), runs=1)
    vandal = Child(root, _delete_index_for_ever, runs=1)
    acknowledged = [line for child in crowd for line in child.finish()[0]]
    said, status = reader.finish()
    vandal.kill()
    vandal.finish()
    faults = faults_of(root, acknowledged)
    faults += [] if status == 0 else [f"the reader ended with wait status {status}: {said}"]
    return {
        "listed": len(open_store(root).runs()),
        "lists_read": int(said[0]) if status == 0 else None,
        "seconds": round(time.perf_counter() - begin_s, 1),
        "faults": faults,
    }


def _read_until(store: Store, count: int) -> str:
    """List until all runs are there; no run may vanish again, and the newest must be readable."""
    lists, seen = 0, 0
    give_up_s = time.monotonic() + 300
    while seen < count and time.monotonic() < give_up_s:
        rows = store.runs()
        if len(rows) < seen or len({row.id for row in rows}) != len(rows):
            raise AssayError(f"{len(rows)} runs listed after {seen}")
        if any(problem for row in rows[:1] for problem in store.get(row.id).problems()):
            raise AssayError("a listed run is not whole", where=rows[0].id)
        lists, seen = lists + 1, len(rows)
    return str(lists)


def _delete_index_for_ever(store: Store) -> str:
    while True:
        store.layout.index.unlink(missing_ok=True)
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
