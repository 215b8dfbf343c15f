"""Writing a run as one Parquet file."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.run import Run, files_of
from assay.store.durable import open_inside
from assay.store.exchange.nested import NESTED_BYTES_MAX
from assay.store.exchange.nested.schema import DIGEST, FILES, record_digest, run_columns, to_row
from assay.store.exchange.report import refusal


def write_nested(run: Run, folder: Path, target: Path) -> None:
    """The run and all of its files as one row."""
    items = files_of(run)
    size = sum(item.size_bytes for item in items)
    if size > NESTED_BYTES_MAX:
        what = f"the files of run {run.id} have {size} bytes, and a Parquet export holds {NESTED_BYTES_MAX}"
        raise refusal(str(target), what, "export it as .tar.zst")
    files = [{"file": item.file, "content": _content(folder, item.file)} for item in items]
    table = pa.Table.from_pylist([to_row(run) | {DIGEST: record_digest(run), FILES: files}], schema=run_columns())
    pq.write_table(table, target, compression="zstd", version="2.6", store_schema=True, use_dictionary=False)


def _content(folder: Path, file: str) -> bytes:
    with os.fdopen(open_inside(folder, file), "rb") as source:
        return source.read()
