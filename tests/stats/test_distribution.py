from __future__ import annotations

import numpy as np
import pytest

from assay.stats.distribution import FEWEST_SAMPLES, deciles, summarise


def test_percentiles_are_those_of_numpy() -> None:
    durations = np.random.default_rng(1).lognormal(11, 1, 1000).astype(np.int64)
    summary = summarise(durations)
    assert summary is not None
    assert [summary.p50_ns, summary.p90_ns, summary.p95_ns, summary.p99_ns] == np.percentile(
        durations, [50, 90, 95, 99]
    ).tolist()
    assert (summary.count, summary.total_ns) == (1000, int(durations.sum()))
    assert (summary.min_ns, summary.max_ns) == (durations.min(), durations.max())
    assert summary.mean_ns == summary.total_ns / 1000
    assert not summary.reason


@pytest.mark.parametrize("percentile", FEWEST_SAMPLES)
def test_a_percentile_is_stated_from_its_fewest_samples_on(percentile: int) -> None:
    few = summarise(range(1, FEWEST_SAMPLES[percentile]))
    enough = summarise(range(1, FEWEST_SAMPLES[percentile] + 1))
    assert few is not None
    assert enough is not None
    assert getattr(few, f"p{percentile}_ns") is None
    assert f"p{percentile} needs {FEWEST_SAMPLES[percentile]}" in few.reason
    assert getattr(enough, f"p{percentile}_ns") is not None
    assert f"p{percentile} " not in enough.reason


def test_nothing_has_no_summary() -> None:
    assert summarise([]) is None


def test_a_sum_beyond_64_bits_stays_exact() -> None:
    summary = summarise([2**62] * 5)
    assert summary is not None
    assert summary.total_ns == 5 * 2**62


def test_a_signature_has_eleven_rising_values_and_needs_twenty_durations() -> None:
    signature = deciles(range(101))
    assert signature == tuple(float(value) for value in range(0, 101, 10))
    assert deciles(range(19)) is None
