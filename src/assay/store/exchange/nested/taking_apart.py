"""Laying out the run of an exported Parquet file in a folder: in the child process only, as with any such file."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import RecordError
from assay.record.codec import encode_run
from assay.record.run import RUN_FILE, Run, files_of
from assay.store.exchange.nested import NESTED_BYTES_MAX
from assay.store.exchange.nested.schema import DIGEST, FILES, from_row, record_digest, run_columns


def take_apart(descriptor: int, folder: Path) -> str:
    """What is wrong with the open file, empty where its run lies in the folder."""
    try:
        with os.fdopen(os.dup(descriptor), "rb") as source:
            table = _read(source)
        row = table.slice(0, 1).to_pylist()[0]
        files = {entry["file"]: entry["content"] for entry in row.pop(FILES) or ()}
        digest = row.pop(DIGEST)
        run = from_row(row)
        if record_digest(run) != digest:
            raise RecordError("the record in it was changed")
        _lay_out(run, files, folder)
    except RecordError as error:
        return error.what
    except (pa.ArrowException, msgspec.MsgspecError, OSError, ValueError, OverflowError, MemoryError) as error:
        return f"not an exported run: {type(error).__name__}: {str(error).partition(chr(10))[0]}"
    return ""


def _read(source: object) -> pa.Table:
    file = pq.ParquetFile(source, memory_map=False)
    if file.metadata.num_rows != 1 or not file.schema_arrow.equals(run_columns(), check_metadata=False):
        raise RecordError("the columns are not those of one exported run")
    claimed = sum(file.metadata.row_group(number).total_byte_size for number in range(file.metadata.num_row_groups))
    if claimed > 2 * NESTED_BYTES_MAX:
        raise RecordError(f"it claims to hold {claimed} bytes")
    table = file.read(use_threads=False)
    table.validate(full=True)
    return table


def _lay_out(run: Run, files: dict[str, bytes], folder: Path) -> None:
    expected = {item.file for item in files_of(run)}
    if expected != files.keys():
        raise RecordError("the files in it are not those of its record")
    (folder / RUN_FILE).write_bytes(encode_run(run))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
