"""Questions to the Parquet files of a run, answered by DuckDB in memory: bounded, offline, held in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from assay.errors import RecordError

MEMORY_LIMIT = "256MB"
THREADS = 2


@contextmanager
def database(folder: Path, temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that can read ``folder`` and spill to ``temporary``, and nothing else."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(temporary),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute(f"SET allowed_directories = [{_quoted(folder)}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    """A SQL literal; settings take no parameters."""
    return "'" + str(path.resolve()).replace("'", "''") + "'"


@contextmanager
def failing(folder: Path) -> Iterator[None]:
    """Turn what DuckDB refuses into one line."""
    try:
        yield
    except duckdb.Error as error:
        reason = " ".join(str(error).split())[:200]
        remedy = "restore the files or remove the run; ask for fewer groups if memory ran out"
        raise RecordError(f"the spans could not be queried: {reason}", where=str(folder), remedy=remedy) from error
