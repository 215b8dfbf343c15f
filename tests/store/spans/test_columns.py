from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from assay.errors import RecordError
from assay.record.arrow import SPANS
from assay.record.enums import SeriesKind
from assay.store.spans.columns import ColumnEncoder


def test_names_come_as_text_as_lists_or_as_arrow_dictionaries() -> None:
    encoder = ColumnEncoder(SeriesKind.SPANS)
    steps = ["a", ["b", "a"], pa.array(["c", "b"]), pa.array(["x", "a"]).dictionary_encode(), np.array(["c", "y"])]
    pieces = [encoder.encode({"step": step, "start_ns": [1, 2], "wall_ns": 1}) for step in steps]
    batch = encoder.batch(pieces)
    assert batch.schema.equals(SPANS, check_metadata=True)
    assert batch["step"].to_pylist() == ["a", "a", "b", "a", "c", "b", "x", "a", "c", "y"]
    batch.validate(full=True)


def test_gaps_in_names_and_numbers_stay_gaps() -> None:
    encoder = ColumnEncoder(SeriesKind.SPANS)
    columns = {
        "step": "s",
        "start_ns": [1, 2],
        "wall_ns": 5,
        "op": ["o", None],
        "flops": [None, 7],
        "cpu_ns": [3, None],
    }
    batch = encoder.batch([encoder.encode(columns)])
    assert batch["op"].to_pylist() == ["o", None]
    assert batch["flops"].to_pylist() == [None, 7]
    assert batch["off_cpu_ns"].to_pylist() == [2, None]


def test_a_fraction_is_no_nanosecond() -> None:
    with pytest.raises(RecordError, match="start_ns"):
        ColumnEncoder(SeriesKind.SPANS).encode({"step": "s", "start_ns": [1.5], "wall_ns": [1]})
