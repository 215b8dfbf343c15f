from __future__ import annotations

import msgspec
import pytest

from assay.record.trace.lines import TraceHeader, TraceStrings, decode_line, encode_line


def test_a_line_comes_back_as_it_was() -> None:
    for line in (TraceHeader(columns=("step",)), TraceStrings(first=0, names=("a",))):
        assert decode_line(encode_line(line)) == line


def test_a_column_stands_once() -> None:
    with pytest.raises(msgspec.ValidationError, match="stands twice"):
        decode_line(b'{"type":"header","format":"assay-trace","version":"1.0","columns":["a","a"]}')
