"""What a trace of known numbers says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assay.errors import RecordError
from assay.record.base import Derived
from assay.record.ceilings import Bandwidth, Ceilings, Peak
from assay.record.documents.inference.trace import Bound, TraceReport
from assay.record.enums import Percentiles, Precision
from assay.trace.analysis.durations import Durations
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from tests.trace.makers import decoded, event, write

CEILINGS = Ceilings(
    machine="0" * 64,
    processor="test",
    workers=2,
    isa="avx2",
    measured="2026-01-01",
    peaks=tuple(Peak(dtype="fp32", threads=n, operations_per_s=1e11 * n, reason="") for n in (1, 2)),
    bandwidths=tuple(
        Bandwidth(level="DRAM", kind="read", threads=n, working_set_bytes=1 << 28, bytes_per_s=1e10 * n) for n in (1, 2)
    ),
    launch_ns=60.0,
    node_ns=2.0,
)


def report(tmp_path: Path, events: list[dict[str, object]], ceilings: Ceilings | None = None) -> TraceReport:
    path = write(tmp_path / "t.jsonl", events, precision=Precision.FP32, threads=1, machine=CEILINGS.machine)
    return summarise(open_trace(path), path, ceilings)


def test_every_step_and_layer_has_its_calls_and_total(tmp_path: Path) -> None:
    found = report(tmp_path, decoded(tokens=5, layers=3))
    folded = {(line.step, line.layer): (line.wall.count, line.wall.total_ns) for line in found.steps}
    assert folded == {("Attention", None): (15, 15000), ("FFN", None): (15, 15000), ("Sample", None): (5, 5000)}
    assert {(line.step, line.layer): line.wall.count for line in found.layers} == {
        (step, layer): 5 for step in ("Attention", "FFN") for layer in range(3)
    }
    assert found.events == 36


def test_what_no_step_covers_is_a_row_of_its_own(tmp_path: Path) -> None:
    found = report(tmp_path, decoded(tokens=5, layers=3, wall_ns=900, gap_ns=100)).uncovered
    assert (found.total_ns, found.uncovered_ns, found.overlap_ns) == (35_000, 3_500, 0)
    assert found.share == pytest.approx(0.1)


def test_steps_that_claim_the_same_time_are_told(tmp_path: Path) -> None:
    events = [event("FFN", 0, 100, layer=0), event("FFN", 60, 100, layer=1), event("FFN", 170, 10, layer=2)]
    assert report(tmp_path, events).uncovered.overlap_ns == 40


def test_percentiles_are_null_below_a_hundred_samples_and_exact_above(tmp_path: Path) -> None:
    for count in (99, 100):
        events = [event("FFN", 1000 * n, n + 1, layer=0) for n in range(count)]
        wall = report(tmp_path, events).steps[0].wall
        if count == 99:
            assert (wall.p50_ns, wall.p99_ns) == (None, None)
            assert "99 samples" in wall.reason
        else:
            values = np.arange(1, 101)
            expected = np.quantile(values, [0.5, 0.9, 0.95, 0.99]).tolist()
            assert [wall.p50_ns, wall.p90_ns, wall.p95_ns, wall.p99_ns] == pytest.approx(expected)


def test_more_durations_than_are_kept_are_within_one_per_cent() -> None:
    chance = np.random.default_rng(3)
    values = chance.lognormal(11, 1, 50_000).astype(np.int64)
    groups = chance.integers(0, 3, len(values))
    exact, bounded = Durations(), Durations(exact_rows=1000)
    for each in (exact, bounded):
        for part in range(10):
            each.add(groups[part::10], values[part::10])
    for fold in (None, np.array([0, 1, 0])):
        for known, near in zip(exact.distributions(fold), bounded.distributions(fold), strict=True):
            assert known is not None
            assert near is not None
            assert (near.count, near.total_ns, near.max_ns) == (known.count, known.total_ns, known.max_ns)
            assert near.percentiles is Percentiles.SKETCH
            assert near.p99_ns == pytest.approx(known.p99_ns, rel=0.015)


def test_tokens_are_timed_from_the_arrival_and_from_one_another(tmp_path: Path) -> None:
    tokens = report(tmp_path, decoded(tokens=5, layers=3, wall_ns=900, gap_ns=100)).tokens
    assert (tokens.requests, tokens.tokens) == (1, 5)
    assert tokens.first is not None
    assert tokens.between is not None
    assert tokens.first.total_ns == 6_900
    assert (tokens.between.count, tokens.between.min_ns, tokens.between.max_ns) == (4, 7000, 7000)
    assert tokens.per_output_ns == 7000.0


def test_a_trace_without_tokens_says_so(tmp_path: Path) -> None:
    tokens = report(tmp_path, [event("Tokenize", 0, 10)]).tokens
    assert tokens.first is None
    assert tokens.reason == "no event names a token"


def test_rates_and_bounds_follow_the_measured_ceilings(tmp_path: Path) -> None:
    second = 10**9
    events = [
        event("FFN", 0, second, layer=0, read_bytes=9 * 10**9, written_bytes=0, flops=10**9),
        event("Attention", 2 * second, second, layer=0, read_bytes=10**9, flops=9 * 10**10),
        event("Sample", 4 * second, 300, flops=1, read_bytes=1),
        event("Tokenize", 5 * second, second, off_cpu_ns=900_000_000),
        event("Embed", 7 * second, second),
    ]
    lines = {line.step: line for line in report(tmp_path, events, CEILINGS).steps}
    assert {step: line.bound for step, line in lines.items()} == {
        "FFN": Bound.MEMORY,
        "Attention": Bound.COMPUTE,
        "Sample": Bound.OVERHEAD,
        "Tokenize": Bound.WAIT,
        "Embed": Bound.UNKNOWN,
    }
    assert lines["FFN"].bytes_per_s == Derived(value=9e9, sources=("read_bytes and written_bytes", "wall_ns"))
    assert lines["FFN"].memory_share == pytest.approx(0.9)
    assert lines["Attention"].compute_share == pytest.approx(0.9)
    assert "not counted" in lines["Embed"].flops_per_s.reason  # type: ignore[union-attr]


def test_the_bottleneck_states_its_share_and_what_removing_it_could_gain(tmp_path: Path) -> None:
    events = [event("FFN", 0, 750), event("Attention", 750, 250), event("Request", 0, 1000)]
    found = report(tmp_path, events).bottleneck
    assert found is not None
    assert (found.step, found.phase) == ("FFN", "decode")
    assert found.share == pytest.approx(0.75)
    assert found.most_gain == pytest.approx(4.0)
    assert "75% of the time" in found.sentence


def test_time_outside_all_steps_can_be_the_bottleneck(tmp_path: Path) -> None:
    found = report(tmp_path, [event("FFN", 0, 100), event("Request", 0, 1000)]).bottleneck
    assert found is not None
    assert found.step is None
    assert found.share == pytest.approx(0.9)


def test_an_absurd_number_of_layers_or_names_is_refused(tmp_path: Path) -> None:
    many = [event(f"step {n}", n, 1) for n in range(20_000)]
    with pytest.raises(RecordError, match="names of steps"):
        report(tmp_path, many)


def test_nothing_recorded_is_no_error(tmp_path: Path) -> None:
    found = report(tmp_path, [event("Request", 0, 1000)])
    assert found.steps == ()
    assert found.bottleneck is None
