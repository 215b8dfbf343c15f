"""``python -m bench.diagnosis.hour [--hours 1] [--threads 8]``: time and memory of diagnosing an hour of raw data.

The raw tables are made up, at the rates of the collectors; a child process then analyses them, so that the memory
printed is the analysis' own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from assay.analyze.diagnose import diagnose
from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.sources import Sources
from assay.analyze.evidence.tables import read_table
from assay.analyze.rules.load import load_rules
from assay.cli.start.lean import leave_pandas_out
from assay.record.diagnosis.raw import FILES

Numbers = NDArray[np.int64]
_MS = 1_000_000
_BATCH = 65_536
_LINES = 400
"""Different lines that the made-up program has."""


def main(arguments: list[str] | None = None) -> int:
    """Make the data, analyse it in a child, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    end_ns = int(options.hours * 3600e9)
    if options.analyse is not None:
        _analyse(options.analyse, end_ns)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, rows in _rows(end_ns, options.threads).items():
            _write(Path(folder) / f"{kind}.arrows", kind, rows)
            size = (Path(folder) / f"{kind}.arrows").stat().st_size
            count = len(next(iter(rows.values())))
            sys.stdout.write(f"{kind:10} {count:>10,} rows {size / 2**20:8.1f} MiB\n")
        sys.stdout.flush()
        own = ["--hours", str(options.hours), "--analyse", folder]
        return subprocess.run([sys.executable, "-m", "bench.diagnosis.hour", *own], check=False).returncode


def _analyse(folder: Path, end_ns: int) -> None:
    leave_pandas_out()  # as the command does
    started, cpu = time.perf_counter(), time.process_time()
    kinds = ("stacks", "frames", "threads", "native", "processes")
    tables = {kind: read_table(folder / f"{kind}.arrows", kind) for kind in kinds}
    evidence = Evidence(start_ns=0, end_ns=end_ns, root=(1, 1), cores=2, tables=tables, sources=Sources({}))
    found = diagnose(evidence, load_rules(), "0" * 26, "0" * 64)
    wall, spent = time.perf_counter() - started, time.process_time() - cpu
    peak = _peak_kib() / 1024
    size = len(msgspec.json.encode(found))
    taken = f"analysed in {wall:.1f} s ({spent:.1f} s of processor time), {peak:.0f} MiB"
    sys.stdout.write(f"{taken}, {size:,} bytes of findings\n")


def _peak_kib() -> int:
    """The most memory this process held; ``ru_maxrss`` would count its parent's in."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _rows(end_ns: int, threads: int) -> dict[str, dict[str, Numbers]]:
    rng = np.random.default_rng(1)

    def moments(step_ms: float) -> tuple[Numbers, Numbers]:
        times = np.arange(0, end_ns, int(step_ms * _MS))
        return np.repeat(times, threads), np.tile(np.arange(1, threads + 1), len(times))

    stack_times, stack_tids = moments(10)
    look_times, look_tids = moments(20)
    native_times = np.arange(0, end_ns, 5 * _MS)
    process_times = np.arange(0, end_ns, 100 * _MS)
    stay = rng.integers(0, _LINES, len(stack_times) // 50 + 1).repeat(50)[: len(stack_times)]
    return {
        "frames": {"parent": np.arange(-1, _LINES), "line": np.arange(1, _LINES + 2)},
        "stacks": {"time_ns": stack_times, "tid": stack_tids, "node": stay + 1},
        "threads": {"time_ns": look_times, "tid": look_tids, "cpu_ns": look_times // 3, "delay_ns": look_times // 50},
        "native": {"time_ns": native_times, "tid": rng.integers(1, threads + 1, len(native_times))},
        "processes": {"time_ns": process_times, "user_ns": process_times},
    }


def _write(path: Path, kind: str, rows: dict[str, Numbers]) -> None:
    _, schema = FILES[kind]
    with pa.ipc.new_stream(str(path), schema) as writer:
        for part in _parts(rows):
            length = len(next(iter(part.values())))
            columns = [_column(field, part, length) for field in schema]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def _parts(rows: dict[str, Numbers]) -> Iterator[dict[str, Numbers]]:
    length = len(next(iter(rows.values())))
    for start in range(0, length, _BATCH):
        yield {name: column[start : start + _BATCH] for name, column in rows.items()}


def _column(field: pa.Field, part: dict[str, Numbers], length: int) -> pa.Array:
    if field.name in part:
        return pa.array(part[field.name]).cast(field.type)
    if field.name == "pid":
        return pa.array(np.ones(length, dtype=np.int32))
    if pa.types.is_dictionary(field.type):
        indices = np.zeros(length, dtype=np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array([_NAMES.get(field.name, "name")]))
    if field.nullable:
        return pa.nulls(length, field.type)
    return pa.array(np.zeros(length, dtype=np.int64)).cast(field.type)


_NAMES = {"state": "S", "file": "/home/me/job.py", "function": "work", "object": "tcp:10.0.0.1:80"}


if __name__ == "__main__":
    sys.exit(main())
