from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from assay.errors import StoreError
from assay.record.arrow import SAMPLES
from assay.record.enums import SeriesKind
from assay.store.spans.columns import ColumnEncoder
from assay.store.spans.stream import StreamFile, read_whole_batches

BATCHES = 4


def _write(path: Path) -> list[int]:
    """Size of the file after each batch."""
    encoder = ColumnEncoder(SeriesKind.SAMPLES)
    stream = StreamFile(path, encoder.schema)
    sizes = []
    for i in range(BATCHES):
        piece = encoder.encode({"time_ns": [i, i], "name": f"sensor {i}", "value": float(i)})
        stream.write(encoder.batch([piece]))
        sizes.append(path.stat().st_size)
    stream.close()
    return sizes


def test_a_batch_is_with_the_operating_system_when_write_returns(tmp_path: Path) -> None:
    sizes = _write(tmp_path / "s")
    assert sizes == sorted(set(sizes))


def test_a_stream_torn_anywhere_gives_all_whole_batches(tmp_path: Path) -> None:
    sizes = _write(tmp_path / "s")
    data = (tmp_path / "s").read_bytes()
    for end in range(0, len(data), 7):
        (tmp_path / "torn").write_bytes(data[:end])
        batches = list(read_whole_batches(tmp_path / "torn", SAMPLES))
        assert len(batches) >= sum(size <= end for size in sizes)
        names = [name for batch in batches for name in batch["name"].to_pylist()]
        assert names == [f"sensor {i}" for i in range(len(batches)) for _ in range(2)]


def test_damage_in_a_stream_gives_no_more_than_was_written(tmp_path: Path) -> None:
    _write(tmp_path / "s")
    data = bytearray((tmp_path / "s").read_bytes())
    for place in range(0, len(data), 11):
        damaged = data.copy()
        damaged[place] ^= 0xFF
        (tmp_path / "damaged").write_bytes(damaged)
        assert sum(batch.num_rows for batch in read_whole_batches(tmp_path / "damaged", SAMPLES)) <= 2 * BATCHES


def test_a_stream_of_another_schema_is_not_believed(tmp_path: Path) -> None:
    with pa.OSFile(str(tmp_path / "s"), "wb") as sink, pa.ipc.new_stream(sink, pa.schema([("x", pa.int8())])) as stream:
        stream.write_batch(pa.record_batch({"x": pa.array([1], pa.int8())}))
    assert list(read_whole_batches(tmp_path / "s", SAMPLES)) == []


def test_a_stream_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("kept")
    with pytest.raises(StoreError, match="exists"):
        StreamFile(tmp_path / "s", SAMPLES)
    assert (tmp_path / "s").read_text() == "kept"
