"""Whether a Parquet file is the series it should be: read in full, so only in the child process."""

from __future__ import annotations

import os

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import RecordError
from assay.record.arrow import check_schema
from assay.store.exchange.child.job import Table

_MAGIC = b"PAR1"
_BATCH_ROWS = 65_536
_ROW_GROUP_BYTES = 256 << 20


def problem_of(table: Table) -> str:
    """What is wrong with the file, empty where nothing is."""
    with os.fdopen(os.dup(table.descriptor), "rb") as source:
        try:
            source.seek(0)
            if source.read(len(_MAGIC)) != _MAGIC:
                return "not a Parquet file"
            file = pq.ParquetFile(source, memory_map=False, thrift_string_size_limit=64 << 20)
            check_schema(file.schema_arrow, table.kind, where="")
            return _misplaced(file.metadata, os.fstat(source.fileno()).st_size) or _unreadable(file, table)
        except RecordError as error:
            return error.what
        except (pa.ArrowException, OSError, ValueError, OverflowError, UnicodeError, MemoryError) as error:
            return f"not a Parquet file that can be read: {type(error).__name__}: {_first_line(error)}"


def _misplaced(metadata: pq.FileMetaData, size: int) -> str:
    """Chunks outside of the file, and row groups that claim more than any of ours has."""
    for group in (metadata.row_group(number) for number in range(metadata.num_row_groups)):
        chunks = [group.column(number) for number in range(group.num_columns)]
        if sum(chunk.total_uncompressed_size for chunk in chunks) > _ROW_GROUP_BYTES:
            return f"a row group claims more than {_ROW_GROUP_BYTES} bytes"
        for chunk in chunks:
            start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            if not 4 <= start <= start + chunk.total_compressed_size <= size:
                return f"column {chunk.path_in_schema!r} lies outside of the file"
    return ""


def _unreadable(file: pq.ParquetFile, table: Table) -> str:
    if file.metadata.num_rows != table.rows:
        return f"{file.metadata.num_rows} rows, not {table.rows}"
    rows = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
        batch.validate(full=True)
        rows += batch.num_rows
        for field, column in zip(batch.schema, batch.columns, strict=True):
            if not field.nullable and column.null_count:
                return f"column {field.name!r} has nulls"
    return "" if rows == table.rows else f"{rows} rows can be read, not {table.rows}"


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
