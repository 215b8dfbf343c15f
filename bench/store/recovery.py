"""What crash experiments share: a child that records runs, and the questions asked of the store afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from assay.errors import AssayError
from assay.record.enums import SeriesKind, Status
from assay.store import Store, open_store
from tests.makers import make_devices, make_environment, make_flag, make_metrics, make_ops, make_plan, make_steps

REFUSED = 3
"""Exit status of a child that was told by one line why the store could not be written."""


def record_run(store: Store, *, spans: int) -> str:
    """One run with rows, a raw file and spans, from draft to seal; its id and the number of spans."""
    with store.draft(make_plan(), make_environment()) as draft:
        draft.add(devices=make_devices(), quality=[make_flag()])
        path = draft.artifact("raw/rusage/usage.json", collector="rusage", media_type="application/json")
        path.write_text('{"ru_maxrss": 12345}')
        if spans:
            draft.spans.append(step="FFN", start_ns=list(range(spans)), wall_ns=5, layer=1)
            draft.spans.flush()
        draft.add(ops=make_ops(), steps=make_steps(), metrics=make_metrics())
        draft.finish()
    return f"{draft.seal().id} {spans}"


def leave_draft(store: Store, *, spans: int) -> str:
    """A draft with everything in it that nobody will seal; its id."""
    draft = store.draft(make_plan(), make_environment())
    draft.add(devices=make_devices(), metrics=make_metrics())
    draft.artifact("raw/rusage/usage.json", collector="rusage").write_text("{}")
    if spans:
        draft.spans.append(step="FFN", start_ns=list(range(spans)), wall_ns=5, layer=1)
    draft.abandon("left by its owner")
    return draft.id


def list_runs(store: Store) -> str:
    """Ids of all runs; what was left lying is salvaged on the way."""
    return " ".join(row.id for row in store.runs())


class Child:
    """A forked process that works on a store and names each run once it is told that the run is sealed."""

    def __init__(self, root: Path, work: Callable[[Store], str], *, runs: int, wait: bool = False) -> None:
        self._answers, answers = os.pipe()
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._gate)
            _be_child(root, work, runs, (answers, gate if wait else None))
        os.close(answers)
        os.close(gate)

    def release(self) -> None:
        """Let a waiting child begin."""
        os.close(self._gate)
        self._gate = -1

    def kill(self) -> None:
        """Kill -9, also of one that is done already."""
        os.kill(self.pid, signal.SIGKILL)

    def finish(self) -> tuple[list[str], int]:
        """What the child said, line by line, and its wait status."""
        if self._gate >= 0:
            os.close(self._gate)
        with os.fdopen(self._answers, "rb") as file:
            lines = file.read().decode().splitlines()
        return lines, os.waitpid(self.pid, 0)[1]


def _be_child(root: Path, work: Callable[[Store], str], runs: int, pipes: tuple[int, int | None]) -> None:
    answers, gate = pipes
    status = 1
    try:
        if gate is not None:
            os.read(gate, 1)
        store = open_store(root)
        for _ in range(runs):
            os.write(answers, f"{work(store)}\n".encode())
        status = 0
    except (AssayError, OSError) as error:
        # An OSError comes from the raw file alone, which a collector writes by itself.
        os.write(answers, f"refused: {error}\n".encode())
        status = REFUSED
    finally:
        os._exit(status)


def _spans_of(store: Store, ulid: str) -> int:
    return sum(item.rows for item in store.get(ulid).record.series if item.kind is SeriesKind.SPANS)


def faults_of(root: Path, acknowledged: list[str]) -> list[str]:
    """What is wrong with a store after a crash; nothing is repaired by hand, it is only opened."""
    store = open_store(root)
    rows = {row.id: row for row in store.runs()}
    spans = {ulid: int(count) for ulid, count in (line.split() for line in acknowledged)}
    sealed = [ulid for ulid in spans if ulid in rows]
    found = [f"sealed run {ulid} is lost" for ulid in spans if ulid not in rows]
    found += [f"sealed run {ulid} lacks spans" for ulid in sealed if _spans_of(store, ulid) != spans[ulid]]
    found += [f"run {ulid}: {problem}" for ulid in rows for problem in store.get(ulid).problems()]
    complete = Status.COMPLETE.value
    found += [f"sealed run {ulid} is {rows[ulid].status}" for ulid in sealed if rows[ulid].status != complete]
    allowed = {complete, Status.INTERRUPTED.value}
    found += [f"run {row.id} is {row.status}" for row in rows.values() if row.status not in allowed]
    found += [f"left over: {path}" for path in store.layout.tmp.glob("*")]
    found += [f"set aside: {path}" for path in store.layout.damaged.glob("*")]
    return found + [f"unreadable: {ulid}: {reason}" for ulid, reason in store.unreadable().items()]
