"""A trace is found by what the file holds, and what can't be one is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.trace.reading import open_trace
from tests.trace.makers import decoded, write


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    for ending, reader in ((".jsonl", "assay_text"), (".parquet", "assay_parquet")):
        path = write(tmp_path / f"t{ending}", decoded())
        assert open_trace(path.rename(tmp_path / "nameless")).reader == reader


@pytest.mark.parametrize("content", [b"", b"{}", b"hello", b"\0" * 1000])
def test_what_is_no_trace_is_refused_with_the_formats_that_are_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(RecordError, match="no trace that can be read") as caught:
        open_trace(tmp_path / "x")
    assert "Assay's trace (Parquet)" in caught.value.remedy


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RecordError, match="is no plain file"):
        open_trace(tmp_path / "pipe")
    with pytest.raises(RecordError, match="No such file"):
        open_trace(tmp_path / "missing")
    with pytest.raises(RecordError):
        open_trace(tmp_path)
