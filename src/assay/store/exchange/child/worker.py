"""The child process: sets its own limits, reads one job from standard input, writes one answer to standard output."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import msgspec

from assay.store.exchange.child.job import Answer, Job

HEAP_BYTES = 400 << 20
"""Most memory beside the libraries; a row group of any run of ours needs less than a tenth of it."""

_FILE_BYTES = 4 << 30
_JOB_BYTES = 16 << 20


def main() -> None:
    """Do the job."""
    job = msgspec.json.decode(sys.stdin.buffer.read(_JOB_BYTES), type=Job)
    limit(job.cpu_s)
    sys.stdout.buffer.write(msgspec.json.encode(do(job)))


def limit(cpu_s: int) -> None:
    """Bound this process for good."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_DATA, (HEAP_BYTES, HEAP_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))


def do(job: Job) -> Answer:
    """The answer to a job. Imports come after the limits: they belong to the reader's memory."""
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    if job.unpacking is not None:
        from assay.store.exchange.nested.taking_apart import take_apart

        return Answer(problems=(take_apart(job.unpacking.descriptor, Path(job.unpacking.folder)),))
    from assay.store.exchange.child.tables import problem_of

    return Answer(problems=tuple(problem_of(table) for table in job.tables))


if __name__ == "__main__":
    main()
