"""Layers and tokens that stand out are named, with what is known of why; sound ones are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.record.documents.inference.trace import TraceReport
from assay.trace.analysis.frame import NameTable, frame_of
from assay.trace.analysis.sample import Sample
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from tests.trace.analysis.test_honesty import measured
from tests.trace.makers import batch, event, write

Event = dict[str, Any]


def report(tmp_path: Path, events: list[Event]) -> TraceReport:
    path = write(tmp_path / "t.jsonl", events)
    return summarise(open_trace(path), path, None)


def planted(seed: int, step: str, layer: int, **changes: Any) -> list[Event]:
    chosen = [each["step"] == step and each["layer"] == layer for each in measured(seed)]
    events = [{**each, "read_bytes": 1000, "written_bytes": 0} for each in measured(seed)]
    factor = changes.pop("factor", 1.0)
    return [
        {**each, **changes, "wall_ns": int(each["wall_ns"] * factor)} if mine else each
        for each, mine in zip(events, chosen, strict=True)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_sound_layers_are_not_named(tmp_path: Path, seed: int) -> None:
    assert [each.text for each in report(tmp_path, measured(seed)).outliers if each.kind == "layer"] == []


@pytest.mark.parametrize("layer", [0, 3, 7])
def test_a_layer_that_moves_more_bytes_is_named_with_them(tmp_path: Path, layer: int) -> None:
    found = report(tmp_path, planted(1, "FFN", layer, factor=4.0, read_bytes=7100))
    worst = found.outliers[0]
    assert (worst.kind, worst.step, worst.layer) == ("layer", "FFN", layer)
    assert worst.ratio == pytest.approx(4.0, rel=0.1)
    assert "7.10 times the bytes" in worst.text
    assert found.bottleneck is not None
    assert f"layer {layer} (4.0×)" in found.bottleneck.sentence


def test_a_layer_that_looks_further_back_is_named_by_its_slope(tmp_path: Path) -> None:
    events = [
        {**each, "wall_ns": each["wall_ns"] + 2000 * each["token"]}
        if each["step"] == "Attention" and each["layer"] == 5
        else each
        for each in measured(2)
    ]
    worst = next(each for each in report(tmp_path, events).outliers if each.kind == "layer")
    assert (worst.step, worst.layer) == ("Attention", 5)
    assert "looks further back" in worst.text


def test_a_layer_that_only_is_slow_is_said_to_do_the_same_work(tmp_path: Path) -> None:
    worst = report(tmp_path, planted(3, "FFN", 2, factor=2.0)).outliers[0]
    assert "the same work, more slowly" in worst.text


@pytest.mark.parametrize(
    ("off_cpu_ns", "words"),
    [(30_000_000, "off the processor for 30.0 ms: stopped"), (10, "its thread ran"), (None, "was not read")],
)
def test_a_step_that_was_stopped_is_named_with_its_token(tmp_path: Path, off_cpu_ns: int | None, words: str) -> None:
    events = measured(4)
    at = next(i for i, each in enumerate(events) if (each["step"], each["layer"], each["token"]) == ("FFN", 3, 17))
    events = [{**each, "off_cpu_ns": None if off_cpu_ns is None else 5} for each in events]
    events[at] = {**events[at], "wall_ns": 30_090_000, "off_cpu_ns": off_cpu_ns}
    worst = next(each for each in report(tmp_path, events).outliers if each.kind == "token")
    assert (worst.step, worst.layer, worst.token, worst.invocation) == ("FFN", 3, 17, 0)
    assert words in worst.text


def test_attention_against_depth_has_a_slope_that_holds_the_true_one(tmp_path: Path) -> None:
    held = 0
    for seed in range(20):
        events = [
            {**each, "wall_ns": each["wall_ns"] + 50 * each["token"], "kv_bytes": 4096 * (each["token"] + 1)}
            if each["step"] == "Attention"
            else each
            for each in measured(seed)
        ]
        found = report(tmp_path, events)
        depth = found.depth
        assert depth.low is not None
        assert depth.high is not None
        assert (depth.tokens, depth.shortest, depth.longest) == (60, 0, 59)
        held += depth.low <= 8 * 50 <= depth.high
        assert found.kv.most_bytes == 8 * 4096 * 60
        assert found.kv.per_token_bytes == pytest.approx(8 * 4096)
    assert held >= 16


def test_without_attention_there_is_no_slope_and_a_reason(tmp_path: Path) -> None:
    found = report(tmp_path, [event("FFN", 10 * n, 5, token=n, layer=0) for n in range(20)])
    assert found.depth.ns_per_token is None
    assert "8 are needed" in found.depth.reason
    assert found.kv.most_bytes is None
    assert found.kv.reason


def test_a_sample_keeps_tokens_whole_and_stays_small() -> None:
    names = NameTable()
    sample = Sample(most_rows=5000)
    for number in range(20):
        rows = [{**each, "invocation": number} for each in measured(number, tokens=100)]
        sample.add(frame_of(batch(rows), names))
    columns = sample.columns()
    assert 1000 < len(columns["key"]) <= 5000
    counts = np.unique(columns["key"], return_counts=True)[1]
    assert set(counts.tolist()) == {17}
