"""How fast a store of 100,000 runs lists, filters and rebuilds its index.

Every figure is the median over processes of its own, with warm file caches. "Cold" is the first question of a
process, imports included, the start of the interpreter left out.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assay.record.codec import encode_run
from assay.record.enums import Backend, Status
from assay.record.ids import new_ulid
from assay.store import open_store
from bench.harness import Figure, Options
from tests.makers import make_run

_FULL, _QUICK = 100_000, 5_000
_REPEAT = 7
_FIRST_MS = 1_700_000_000_000
_STEP_MS = 7_000

QUESTIONS = (
    ("list of all runs, cold", "store.runs()", "", "at most 0.5 s"),
    ("list of all runs, warm", "store.runs()", "store.runs(limit=1)", ""),
    ("list of the newest 50, cold", "store.runs(limit=50)", "", "at most 0.5 s"),
    ("filter by campaign: 1 in 500", "store.runs(campaign='c-0042')", "store.runs(limit=1)", "at most 0.05 s"),
    (
        "filter by target and status: 1 in 40",
        "store.runs(target='t-007', status='complete')",
        "store.runs(limit=1)",
        "at most 0.05 s",
    ),
    ("filter by backend, newest 50", "store.runs(backend='vllm', limit=50)", "store.runs(limit=1)", "at most 0.05 s"),
    ("filter by time: the last 100", "store.runs(since=since)", "store.runs(limit=1)", "at most 0.05 s"),
    ("run by a prefix of its id", "store.get(last.id[:20].lower()).id", "store.runs(limit=1)", ""),
    ("list after a run came in, cold", "store.runs()", "os.utime(store.layout.runs)", ""),
    ("index rebuilt", "store.reindex()", "", "at most 5 s"),
)
"""What is asked, what is asked before it without being timed, and the bar it has to keep."""
_ASK = """
import os, sys, time
begin = time.perf_counter()
from assay.store import open_store
store = open_store(sys.argv[1])
imported = time.perf_counter()
last = store.runs(limit=1)[0] if {needs_last} else None
since = store.runs(limit=100)[-1].created if {needs_last} else None
{before}
ready = time.perf_counter()
answer = {question}
end = time.perf_counter()
print(end - ready + (0 if {is_warm} else imported - begin))
"""


def figures(options: Options) -> Iterator[Figure]:
    """Make a store and ask."""
    root = options.folder / "store"
    make_store(root, _QUICK if options.quick else _FULL)
    settle(root)
    for name, question, before, bar in QUESTIONS:
        seconds = statistics.median(_ask(root, question, before) for _ in range(_REPEAT))
        yield Figure(name, seconds, "s", bar)


def _ask(root: Path, question: str, before: str) -> float:
    needs_last = "last" in question or "since" in question
    code = _ASK.format(question=question, before=before, needs_last=needs_last, is_warm="runs(" in before)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(root)]
    return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def settle(root: Path) -> None:
    """Let the store's folder come to rest and index it."""
    time.sleep(2.5)
    open_store(root).runs(limit=1)


def make_store(root: Path, count: int) -> None:
    """A store of ``count`` runs without files, written past the sealing."""
    runs = root / "runs"
    runs.mkdir(parents=True, mode=0o700)
    (root / "tmp").mkdir(mode=0o700)
    for ulid, data in _records(count):
        folder = f"{runs}/{ulid}"
        os.mkdir(folder, 0o700)  # noqa: PTH102 - a hundred thousand times
        Path(f"{folder}/run.json").write_bytes(data)


def _records(count: int) -> Iterator[tuple[str, bytes]]:
    """Records of realistic size that differ in what lists are filtered by; ids in order of time."""
    template = encode_run(make_run())
    backends = [backend.value.encode() for backend in Backend]
    for number in range(count):
        ulid = new_ulid(_FIRST_MS + number * _STEP_MS)
        created = datetime.fromtimestamp((_FIRST_MS + number * _STEP_MS) / 1e3, tz=UTC)
        status = Status.COMPLETE if number % 10 else Status.FAILED
        reason = b"" if number % 10 else b"exit code 1"
        data = template
        for old, new in (
            (b'"id":"01JCZX5T00ABCDEFGHJKMNPQRS"', b'"id":"%b"' % ulid.encode()),
            (b'"created":"2024-11-19T12:00:00.123456Z"', b'"created":"%b"' % created.isoformat().encode()),
            (
                b'"status":"complete","status_reason":""',
                b'"status":"%b","status_reason":"%b"' % (status.encode(), reason),
            ),
            (
                b'"name":"tiny","backend":"vgpu"',
                b'"name":"t-%03d","backend":"%b"' % (number % 40, backends[number % 9]),
            ),
            (b'"campaign":"nightly"', b'"campaign":"c-%04d"' % (number % 500)),
        ):
            data = data.replace(old, new, 1)
        yield ulid, data
