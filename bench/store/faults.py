"""SIGKILL, ENOSPC and EIO at every file-changing call of recording a run: ``python -m bench.store.faults``.

A clean run is traced first; its log gives every call of every kind, and shows that each file and folder is synced
before the rename that makes the run visible. Then each call is hit with each fault, in a fresh store, and the store
must be in order when it is next opened. Needs strace and the right to trace a child.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assay.record.codec import encode_run
from assay.store import Store, open_store
from assay.store.spans import recording
from bench.store.recovery import REFUSED, Child, faults_of, leave_draft, list_runs, record_run
from tests.makers import make_run

CHANGING = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "splice", "fallocate"),
    *("truncate", "ftruncate", "fsync", "fdatasync", "sync_file_range", "syncfs", "open", "openat", "openat2", "creat"),
    *("mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink"),
    *("unlinkat", "rmdir", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "flock"),
)
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
_CALL = re.compile(r"(?:\[pid +\d+\] |\d+ +)?(?P<name>\w+)\((?P<rest>.*)")
_CREATES = re.compile("O_CREAT|O_TRUNC|O_TMPFILE")
_WARM = recording.Recording, encode_run(make_run())
"""Loaded before forking, so that a child does nothing but record."""


@dataclass(frozen=True)
class Subject:
    """Something done to a store that must be done wholly or not at all, and be taken up again where it was cut."""

    prepare: Callable[[Store], str] | None
    """What lies in the store before."""
    work: Callable[[Store], str]
    """What is done, under the fault."""
    acknowledges: bool
    """Whether the answer names a run that must be there, complete, from then on."""
    runs_after: frozenset[int]
    """How many runs the store may hold in the end."""


def subjects(spans: int) -> dict[str, Subject]:
    """What faults are tried on."""
    record, leave = partial(record_run, spans=spans), partial(leave_draft, spans=spans)
    return {
        "commit": Subject(None, record, acknowledges=True, runs_after=frozenset({0, 1})),
        "salvage": Subject(leave, list_runs, acknowledges=False, runs_after=frozenset({1})),
        "remove": Subject(record, _remove, acknowledges=False, runs_after=frozenset({0, 1})),
    }


def _remove(store: Store) -> str:
    return store.remove("@latest")


def main() -> int:
    """Run the experiment; the exit status is the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subject", choices=list(subjects(0)), default="commit")
    parser.add_argument("--spans", type=int, default=0, help="spans to record, which adds their files' calls")
    parser.add_argument("--every", type=int, default=1, help="hit every n-th call only")
    options = parser.parse_args()
    subject = subjects(options.spans)[options.subject]
    with tempfile.TemporaryDirectory(prefix="assay-faults-") as scratch:
        result = _experiment(Path(scratch), subject, options.every)
    print(json.dumps(result))
    return 1 if result["faults"] or result["unsynced"] else 0


def can_trace() -> str:
    """Why this machine can't run the experiment; empty where it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    done = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"strace can't trace here: {done.stderr.strip()[-200:]}"


def _experiment(scratch: Path, subject: Subject, every: int) -> dict[str, object]:
    clean = scratch / "clean"
    log = _traced(clean, subject)
    places = list(_places(log))
    faults: list[str] = []
    outcomes: Counter[str] = Counter()
    for number, (name, when) in enumerate(places[::every]):
        for fault in FAULTS:
            root = scratch / f"hit-{number}-{fault[-6:]}"
            problems, outcome = _hit(root, subject, f"inject={name}:{fault}:when={when}")
            outcomes[outcome] += 1
            faults += [f"{name} {when} {fault}: {problem}" for problem in problems]
            shutil.rmtree(root, ignore_errors=True)
    return {
        "calls": len(places),
        "by_name": Counter(name for name, _ in places),
        **outcomes,
        "unsynced": unsynced_before_rename(log, str(clean)) if subject.acknowledges else [],
        "faults": faults,
    }


def _hit(root: Path, subject: Subject, injection: str) -> tuple[list[str], str]:
    """Do it under a fault; what is wrong afterwards, and how the child fared."""
    lines, status = _done(root, subject, ["-e", injection], log=None)
    refused = [line for line in lines if line.startswith("refused: ")]
    sealed = [line for line in lines if line not in refused] if subject.acknowledges else []
    problems = faults_of(root, sealed)
    problems += [f"not one short line: {line}" for line in refused if len(line) > 500]
    count = len(open_store(root).runs())
    problems += [] if count in subject.runs_after else [f"{count} runs in the end"]
    if status == 9:
        return problems, "killed"
    code = status >> 8
    if code not in {0, REFUSED} or (code == REFUSED and len(refused) != 1):
        problems.append(f"the child ended with wait status {status}: {lines}")
    return problems, "refused" if code else "unharmed"


def _traced(root: Path, subject: Subject) -> list[str]:
    log = root.with_suffix(".log")
    lines, status = _done(root, subject, [], log=log)
    if status != 0:
        raise SystemExit(f"the clean run failed: {lines}")
    return log.read_text().splitlines()


def _done(root: Path, subject: Subject, options: list[str], log: Path | None) -> tuple[list[str], int]:
    if subject.prepare is not None:
        Child(root, subject.prepare, runs=1).finish()
    child = Child(root, subject.work, runs=1, wait=True)
    command = ["strace", "-f", "-y", "-o", str(log or "/dev/null"), "-e", f"trace={','.join(CHANGING)}"]
    with subprocess.Popen([*command, *options, "-p", str(child.pid)], stderr=subprocess.PIPE, text=True) as tracer:
        if tracer.stderr is None or "attached" not in tracer.stderr.readline():
            child.kill()
            raise SystemExit("strace could not attach")
        child.release()
        answer = child.finish()
        tracer.communicate()
    return answer


def _places(log: list[str]) -> Iterator[tuple[str, int]]:
    """Every file-changing call with its number among the calls of its name, as strace counts for one thread."""
    seen: Counter[tuple[str, str]] = Counter()
    found: set[tuple[str, int]] = set()
    for thread, name, rest in _calls(log):
        seen[thread, name] += 1
        place = (name, seen[thread, name])
        if "<pipe:" not in rest and _changes(name, rest) and place not in found:
            found.add(place)
            yield place


def _changes(name: str, rest: str) -> bool:
    return not name.startswith("open") or _CREATES.search(rest) is not None


def _calls(log: list[str]) -> Iterator[tuple[str, str, str]]:
    for line in log:
        thread, _, rest = line.partition(" ")
        if match := _CALL.match(rest.strip()):
            yield thread, match["name"], match["rest"]


def unsynced_before_rename(log: list[str], root: str) -> list[str]:
    """Files and folders of the run that were changed after their last sync when the rename made the run visible."""
    dirty: set[str] = set()
    for _, name, rest in _calls(log):
        if name == "renameat2" and f'"{root}/runs/' in rest:
            draft = rest.split('"')[1]
            return sorted(path for path in dirty if path.startswith(draft)) or _runs_unsynced(log, root)
        paths = re.findall(r"<(/[^>]*)>", rest) + re.findall(r'"(/[^"]*)"', rest)
        if name in {"fsync", "fdatasync"}:
            dirty -= set(paths[:1])
        elif name in {"write", "pwrite64", "writev", "ftruncate", "fchmod", "fallocate"}:
            dirty |= {path for path in paths[:1] if path.startswith(root)}
        elif name in {"mkdir", "unlink", "unlinkat", "rmdir"} or (name == "openat" and _CREATES.search(rest)):
            dirty = (dirty - set(paths[-1:])) | {str(Path(path).parent) for path in paths[-1:] if path.startswith(root)}
        elif name in {"rename", "renameat", "renameat2"}:
            dirty = {paths[1] if path == paths[0] else path for path in dirty}
            dirty |= {str(Path(path).parent) for path in paths if path.startswith(root)}
    return ["the log holds no rename into runs/"]


def _runs_unsynced(log: list[str], root: str) -> list[str]:
    """Whether the renamed entry itself is synced before anything else is told."""
    after = False
    for _, name, rest in _calls(log):
        after = after or (name == "renameat2" and f'"{root}/runs/' in rest)
        if after and name == "fsync" and f"<{root}/runs>" in rest:
            return []
        if after and name == "write" and "pipe" in rest:
            break
    return ["runs/ is not synced after the rename"]


if __name__ == "__main__":
    sys.exit(main())
