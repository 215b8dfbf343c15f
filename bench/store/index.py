"""How fast a store of 100,000 runs lists, filters and rebuilds its index: ``python -m bench.store.index``.

Every figure comes from a process of its own, with warm file caches. "Cold" is the first question of a process,
imports included, the start of the interpreter left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from assay.record.codec import encode_run
from assay.record.enums import Backend, Status
from assay.record.ids import new_ulid
from assay.store import open_store
from tests.makers import make_run

_FIRST_MS = 1_700_000_000_000
_STEP_MS = 7_000

QUESTIONS = {
    "list": "store.runs()",
    "list_50": "store.runs(limit=50)",
    "filter_campaign": "store.runs(campaign='c-0042')",
    "filter_target": "store.runs(target='t-007', status='complete')",
    "filter_backend_50": "store.runs(backend='vllm', limit=50)",
    "filter_since": "store.runs(since=datetime.fromtimestamp(1700699300, tz=UTC))",
    "get_prefix": "store.get(last[:20].lower()).id",
    "rebuild": "store.reindex()",
}
_ASK = """
import json, sys, time
begin = time.perf_counter()
from assay.store import open_store
from datetime import UTC, datetime
store = open_store(sys.argv[1])
last = sys.argv[2]
{warm}
ready = time.perf_counter()
answer = {question}
end = time.perf_counter()
size = len(answer) if isinstance(answer, list) else answer
print(json.dumps({{"import_s": ready - begin, "answer_s": end - ready, "size": size}}))
"""


def main() -> None:
    """Make the store where it is not there yet, ask, and print one line per question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--at", type=Path, help="folder of the store, made where it does not exist; kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as scratch:
        root = options.at or Path(scratch) / "store"
        if not root.exists():
            _make_store(root, options.runs)
        last = _settled(root)
        for name, question in QUESTIONS.items():
            print(_measured(root, name, question, last, options.repeat), flush=True)


def _measured(root: Path, name: str, question: str, last: str, repeat: int) -> str:
    cold = [_ask(root, question, "", last) for _ in range(repeat)]
    warm = [_ask(root, question, "store.runs(limit=1)", last) for _ in range(repeat)]
    cold_s = statistics.median(answer["import_s"] + answer["answer_s"] for answer in cold)
    warm_s = statistics.median(answer["answer_s"] for answer in warm)
    return f"{name:20} {cold[0]['size']!s:>28}  cold {cold_s:7.3f} s  warm {warm_s * 1e3:8.1f} ms"


def _ask(root: Path, question: str, warm: str, last: str) -> dict[str, float]:
    code = _ASK.format(question=question, warm=warm)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(root), last]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _settled(root: Path) -> str:
    """Index the store once and let its folder come to rest; the id of the latest run."""
    time.sleep(2.5)
    rows = open_store(root).runs(limit=1)
    return rows[0].id


def _make_store(root: Path, count: int) -> None:
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


if __name__ == "__main__":
    main()
