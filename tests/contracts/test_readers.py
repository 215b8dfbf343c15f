"""What every reader of traces keeps, whoever wrote it."""

from __future__ import annotations

import pytest

from assay.trace.reading import READERS, Reader

NAMES = READERS.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_names_itself_and_what_it_reads(name: str) -> None:
    reader: Reader = READERS.load(name)
    assert reader.name == name
    assert reader.title


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("head", [b"", b"\0" * 100, b"{}", b"[]", b"{", b"[" * 60000, b"\xff\xfe{}", b"hello, world\n"])
def test_what_is_no_trace_is_not_recognised(name: str, head: bytes) -> None:
    assert READERS.load(name).recognises(head) is False
