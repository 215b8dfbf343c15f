"""Files of strangers are parsed in a child process with limits of its own: whatever they do, the caller lives.

The child gets open descriptors, never paths, so that what was checked is what is read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from assay.record.run import Series
from assay.store.durable import open_inside
from assay.store.exchange.child.job import Answer, Job, Table, Unpacking
from assay.store.exchange.nested import NESTED_BYTES_MAX
from assay.store.exchange.opening import Source
from assay.store.exchange.report import refusal

_ASK_AGAIN = "export the run again with `assay runs export`"
_ANSWER_BYTES = 32 << 20
_CPU_S, _BYTES_PER_S = 4, 5_000_000
_GRACE_S = 2.0
_PASSED_ON = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


def inspect_series(folder: Path, series: Sequence[Series]) -> list[str]:
    """What is wrong with each Parquet file of the run, empty where nothing is."""
    if not series:
        return []
    descriptors: list[int] = []
    try:
        descriptors += [open_inside(folder, item.file) for item in series]
        pairs = zip(descriptors, series, strict=True)
        tables = tuple(Table(descriptor=number, kind=item.kind, rows=item.rows) for number, item in pairs)
        job = Job(tables=tables, cpu_s=_CPU_S + sum(item.size_bytes for item in series) // _BYTES_PER_S)
        return list(run_job(job, descriptors).problems)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def take_apart(source: Source, folder: Path) -> None:
    """Lay out the run of an exported Parquet file in an empty folder."""
    if source.size_bytes > NESTED_BYTES_MAX:
        raise refusal(source.where, f"more than the {NESTED_BYTES_MAX} bytes such a file may have", _ASK_AGAIN)
    cpu_s = _CPU_S + source.size_bytes // _BYTES_PER_S
    job = Job(unpacking=Unpacking(descriptor=source.descriptor, folder=str(folder)), cpu_s=cpu_s)
    problem = run_job(job, [source.descriptor]).problems[0]
    if problem:
        raise refusal(source.where, problem, _ASK_AGAIN)


def run_job(job: Job, descriptors: Sequence[int]) -> Answer:
    """The child's answer; a child that dies or takes too long is an answer too."""
    command = [sys.executable, "-P", "-m", "assay.store.exchange.child.worker"]
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=tuple(descriptors),
        env={**variables, "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1"},
    )
    with child:
        try:
            answer = child.communicate(msgspec.json.encode(job), timeout=job.cpu_s * 2 + _GRACE_S)[0]
        except subprocess.TimeoutExpired:
            child.kill()
            return job.failed("reading it takes too long")
    if child.returncode != 0 or len(answer) > _ANSWER_BYTES:
        return job.failed("reading it breaks the reader or needs more memory than such a file may")
    return msgspec.json.decode(answer, type=Answer)
