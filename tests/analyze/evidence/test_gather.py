from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from assay.analyze.diagnose import analyze
from assay.analyze.evidence.gather import KINDS, gather
from assay.analyze.rules.load import load_rules
from assay.analyze.rules.rule import Evidence as EvidenceKind
from assay.errors import RecordError
from assay.measure.quality import not_attached
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import FILES, LIFE_FILE, SOURCES_FILE, Source, SourceIndex
from assay.store import StoredRun, open_store
from tests.makers import make_clock, make_devices, make_environment, make_plan

STACKS, FRAMES = FILES["stacks"], FILES["frames"]
FRAME_ROWS: list[dict[str, object]] = [{"parent": -1, "function": "main", "file": "/a.py", "line": 3}]
STACK_ROWS: list[dict[str, object]] = [
    {"time_ns": number * 10_000_000, "pid": 7, "tid": 7, "node": 0, "running": True} for number in range(300)
]


def stream(kind: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    _, schema = FILES[kind]
    full = [{field.name: row.get(field.name) for field in schema} for row in rows]
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        for start in range(0, len(full), 100):
            writer.write_batch(pa.RecordBatch.from_pylist(full[start : start + 100], schema=schema))
    return sink.getvalue()


def stored(tmp_path: Path, files: dict[str, bytes], *, wall_ns: int | None = None) -> StoredRun:
    clock = None if wall_ns is None else make_clock(start_ns=0, end_ns=wall_ns)
    with open_store(tmp_path / "store").draft(make_plan(), make_environment()) as draft:
        for name, content in files.items():
            draft.artifact(name, collector="test", media_type="application/octet-stream").write_bytes(content)
        draft.finish(clock=clock)
    return draft.seal()


def test_kinds_of_evidence_have_one_list() -> None:
    assert set(KINDS) == {kind.value for kind in EvidenceKind}


def test_what_collectors_kept_is_found_again(tmp_path: Path) -> None:
    life = Life(time_ns=1, event="seen", pid=7, executable="/usr/bin/python3.11", python="3.11")
    index = SourceIndex(sources=(Source(path="/a.py", file="raw/sources/0.txt"),))
    files = {
        STACKS[0]: stream("stacks", STACK_ROWS),
        FRAMES[0]: stream("frames", FRAME_ROWS),
        LIFE_FILE: msgspec.json.encode(life) + b"\n",
        SOURCES_FILE: msgspec.json.encode(index),
        "raw/sources/0.txt": b"def main():\n    for x in y:\n        f(x)\n",
    }
    evidence = gather(stored(tmp_path, files, wall_ns=3_000_000_000))
    assert evidence.root == (7, 7)
    assert evidence.has("stacks")
    assert not evidence.has("native")
    assert "perf" in evidence.reason("native")
    assert evidence.sources.features("/a.py", 3) == frozenset({"loop", "loop*", "call", "call*"})
    assert evidence.samples is not None
    assert len(evidence.samples) == 300


def test_what_a_killed_writer_left_counts_up_to_its_last_whole_batch(tmp_path: Path) -> None:
    whole = stream("stacks", STACK_ROWS)
    files = {
        STACKS[0]: whole[: len(whole) * 2 // 3],
        LIFE_FILE: b'{"time_ns":1,"event":"seen","pid":7}\n{"time_ns":2,"ev',
    }
    evidence = gather(stored(tmp_path, files, wall_ns=3_000_000_000))
    assert 100 <= len(evidence.tables["stacks"]) < 300
    assert len(evidence.lives) == 1


@pytest.mark.parametrize("content", [b"", b"PAR1", stream("frames", FRAME_ROWS)])
def test_a_file_that_is_no_such_table_is_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RecordError, match=r"stacks\.arrows"):
        gather(stored(tmp_path, {STACKS[0]: content}))


def test_what_was_seen_during_the_warm_up_is_left_out(tmp_path: Path) -> None:
    clock = make_clock(start_ns=0, end_ns=3_000_000_000)
    with open_store(tmp_path / "store").draft(make_plan(), make_environment()) as draft:
        for name, content in ((STACKS[0], stream("stacks", STACK_ROWS)), (FRAMES[0], stream("frames", FRAME_ROWS))):
            draft.artifact(name, collector="test").write_bytes(content)
        draft.spans.append(step="run", start_ns=0, wall_ns=3_000_000_000, device="cpu:0")
        draft.spans.append(step="warmup", start_ns=0, wall_ns=1_000_000_000, device="cpu:0")
        draft.add(devices=make_devices())
        draft.finish(clock=clock)
    evidence = gather(draft.seal())
    assert (evidence.start_ns, evidence.end_ns) == (1_000_000_000, 3_000_000_000)
    assert len(evidence.tables["stacks"]) == 200


def test_a_line_of_the_journal_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"life\.jsonl"):
        gather(stored(tmp_path, {LIFE_FILE: b'{"event":"born"}\n'}))


def test_a_run_without_raw_data_has_no_causes_and_says_why(tmp_path: Path) -> None:
    found = analyze(stored(tmp_path, {}), load_rules())
    assert found.insufficient is not None
    assert found.findings == ()


def test_why_a_collector_was_not_there_is_said_by_rules_that_need_it(tmp_path: Path) -> None:
    with open_store(tmp_path / "store").draft(make_plan(), make_environment()) as draft:
        draft.add(quality=[not_attached("perf", "perf is not installed")])
        draft.finish()
    assert gather(draft.seal()).reason("native") == "The collector 'perf' was not attached: perf is not installed."
