"""A run as one Parquet file: one row, a real column for every field of the record, and the files as bytes."""

from __future__ import annotations

NESTED_BYTES_MAX = 256 << 20
"""Most bytes the files of a run may have together to be exported in this way; archives have no such bound."""
