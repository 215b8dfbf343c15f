"""Both forms of a trace give back what was written; what is not a trace is refused in a line."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from assay.errors import RecordError, UsageError
from assay.record.trace.columns import TRACE
from assay.record.trace.lines import TraceHeader, trace_schema
from assay.trace.format.parsing import read_events, read_header
from assay.trace.format.text import TextWriter
from assay.trace.format.writer import open_writer
from assay.trace.reading import open_trace
from assay.trace.source import Ending
from tests.trace.makers import COLUMNS, batch, decoded, event, write

FULL: dict[str, Any] = {
    "op": "qkv", "layer": 3, "token": 17, "depth": 1, "off_cpu_ns": -4, "flops": 1 << 40, "read_bytes": 0,
    "written_bytes": 5, "invocation": 2, "sequence": 1, "tokens": 8, "kv_bytes": 1 << 33, "origin": "derived",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, Any]]:
    return [row for each in open_trace(path).events() for row in each.to_pylist()]


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_what_was_written_comes_back_with_every_gap(tmp_path: Path, ending: str) -> None:
    events = [event("Attention", 5, 7, **FULL), event("Tokenize", 20, 0, phase="none"), event("Ärger µ", 30, 1)]
    found = rows(write(tmp_path / f"t{ending}", events, model="preset", threads=2))
    assert found == [{**dict.fromkeys(TRACE.names), **each} for each in events]
    assert open_trace(tmp_path / f"t{ending}").header.model == "preset"


def test_a_name_that_no_line_may_hold_is_written_as_its_escape(tmp_path: Path) -> None:
    path = write(tmp_path / "t.jsonl", [event("F\u0085\x1bN", 0, 1, op="")])
    assert [(row["step"], row["op"]) for row in rows(path)] == [("F\\x85\\x1bN", "?")]


def test_each_line_keeps_the_published_schema(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    writer = TextWriter(path, TraceHeader(columns=COLUMNS))
    writer.write(batch(decoded()))
    writer.drop(3)
    writer.close(12.5)
    validator = Draft202012Validator(trace_schema())
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["type"] for line in lines if isinstance(line, dict)} == {"header", "strings", "drops", "end"}
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []
    assert not validator.is_valid([1.5])
    assert not validator.is_valid({**lines[0], "more": 1})


def test_a_trace_that_was_cut_anywhere_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    whole = write(tmp_path / "t.jsonl", decoded(tokens=3)).read_bytes()
    header = whole.index(b"\n") + 1
    total = len(rows(tmp_path / "t.jsonl"))
    cut = tmp_path / "cut.jsonl"
    for length in range(header, len(whole) - 1, 41):
        cut.write_bytes(whole[:length])
        trace = open_trace(cut)
        count = sum(each.num_rows for each in trace.events())
        assert count == whole[header:length].count(b"]\n", whole[header:length].find(b"\n["))
        assert not trace.ending.complete
        assert len(trace.ending.remarks) == 1
    assert total == 22


def test_lost_events_are_stated(tmp_path: Path) -> None:
    for name in ("t.jsonl", "t.parquet"):
        writer = open_writer(tmp_path / name, TraceHeader(columns=COLUMNS))
        writer.write(batch(decoded()))
        writer.drop(41)
        writer.drop(1)
        writer.close()
        trace = open_trace(tmp_path / name)
        assert sum(each.num_rows for each in trace.events()) == 29
        assert trace.ending.dropped == 42


def test_columns_that_the_header_leaves_out_are_null_and_names_have_defaults(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    header = TraceHeader(columns=("start_ns", "wall_ns", "step"))
    lines = ['{"type":"strings","first":0,"names":["FFN"]}', "[4,5,0]", ""]
    path.write_bytes(b"\n".join([_line(header), *(line.encode() for line in lines)]))
    assert rows(path) == [
        {**dict.fromkeys(TRACE.names), "step": "FFN", "phase": "none", "device": "cpu:0", "start_ns": 4, "wall_ns": 5}
    ]


def test_columns_of_a_later_release_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    header = TraceHeader(columns=("start_ns", "wall_ns", "step", "later"), version="1.9")
    path.write_bytes(_line(header) + b'\n{"type":"strings","first":0,"names":["FFN"]}\n[4,5,0,9]\n')
    assert rows(path)[0]["wall_ns"] == 5


BAD_LINES = {
    "text": ('["a",1,2]', "not an event"),
    "fraction": ("[0.5,1,2]", "not an event"),
    "nested": ("[[0],1,2]", "not an event"),
    "short": ("[0,1]", "don't fit the header"),
    "long": ("[0,1,2,3]", "don't fit the header"),
    "huge": ("[0,1,99999999999999999999]", "don't fit the header"),
    "unknown name": ("[7,1,2]", "at place 7 of 1 names"),
    "no name": ("[null,1,2]", "an event without step"),
    "negative": ("[0,1,-2]", "wall_ns is -2"),
    "empty": ("[]", "don't fit the header|an empty event"),
    "blank": ("", "not an event"),
    "object": ('{"type":"drops","count":-1}', "not a line of a trace"),
    "other": ('{"type":"what"}', "not a line of a trace"),
    "names at a wrong place": ('{"type":"strings","first":9,"names":["a"]}', "where 1 is next"),
    "header again": ('{"type":"header","format":"assay-trace","version":"1.0","columns":["step"]}', "second header"),
    "wrong end": ('{"type":"end","events":5,"dropped":0}', "states 5 events"),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_damaged_line_is_named_with_its_number(tmp_path: Path, name: str) -> None:
    line, words = BAD_LINES[name]
    path = tmp_path / "t.jsonl"
    head = _line(TraceHeader(columns=("step", "start_ns", "wall_ns")))
    path.write_bytes(
        head + b'\n{"type":"strings","first":0,"names":["FFN"]}\n[0,1,2]\n' + line.encode() + b"\n[0,3,4]\n"
    )
    with pytest.raises(RecordError, match=words) as caught:
        rows(path)
    assert caught.value.where.startswith(str(path))
    assert "\n" not in str(caught.value)


def test_another_major_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(_line(TraceHeader(columns=("step", "start_ns", "wall_ns"), version="2.0")) + b"\n")
    with pytest.raises(RecordError, match=r"version 2\.0"):
        open_trace(path)


def test_what_was_flushed_survives_an_open_writer(tmp_path: Path) -> None:
    writer = TextWriter(tmp_path / "t.jsonl", TraceHeader(columns=COLUMNS))
    writer.write(batch(decoded()))
    ending = Ending()
    header = read_header(tmp_path / "t.jsonl")
    assert sum(each.num_rows for each in read_events(tmp_path / "t.jsonl", header, ending)) == 29
    assert not ending.complete
    writer.close()


def test_the_spans_of_a_run_are_a_trace_too(tmp_path: Path) -> None:
    from assay.record.arrow import SPANS

    table = pa.Table.from_batches([batch(decoded())]).select(SPANS.names).cast(SPANS)
    pq.write_table(table, tmp_path / "part.parquet")
    assert len(rows(tmp_path / "part.parquet")) == 29


def test_a_link_is_not_written_through_and_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "t.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="cannot write a trace"):
        TextWriter(tmp_path / "t.jsonl", TraceHeader(columns=COLUMNS))
    with pytest.raises(UsageError, match="no form of a trace"):
        open_writer(tmp_path / "t.csv", TraceHeader(columns=COLUMNS))
    assert (tmp_path / "elsewhere").read_text() == "kept"


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_mutated_files_are_read_or_refused_in_one_line(tmp_path: Path, ending: str) -> None:
    whole = write(tmp_path / f"t{ending}", decoded(tokens=30)).read_bytes()
    chance = random.Random(5)
    path = tmp_path / f"mutated{ending}"
    refused: list[str] = []
    for _ in range(int(os.environ.get("ASSAY_TEST_MUTATIONS", "150"))):
        path.write_bytes(_mutated(whole, chance))
        try:
            rows(path)
        except RecordError as error:
            refused.append(str(error))
    assert len(refused) > 50
    assert [text for text in refused if "\n" in text or len(text) > 1000] == []


def _mutated(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
            case _:
                data[at:at] = data[max(0, at - 60) : at]
    return bytes(data)


def _line(header: TraceHeader) -> bytes:
    from assay.record.trace.lines import encode_line

    return encode_line(header).strip()
