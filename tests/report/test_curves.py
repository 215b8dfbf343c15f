from __future__ import annotations

from pathlib import Path

from assay.report.curves import MOST_POINTS, memory_curve, thinned
from tests.measure.launching import launch, python


def test_a_measured_run_has_memory_over_time(tmp_path: Path) -> None:
    code = "import time; x = bytearray(b'1') * (30 << 20); time.sleep(0.3)"
    run = launch(tmp_path, python(code), collectors=("process",))
    curve = memory_curve(run)
    assert curve is not None
    assert curve.run == run.id
    assert len(curve.time_s) == len(curve.values) > 2
    assert list(curve.time_s) == sorted(curve.time_s)
    assert 0.0 <= curve.time_s[0] < curve.time_s[-1] < 30.0
    assert max(curve.values) > 30 << 20


def test_a_run_that_was_not_sampled_has_none(tmp_path: Path) -> None:
    assert memory_curve(launch(tmp_path, python("pass"), collectors=("null",))) is None


def test_thinning_keeps_every_peak_and_the_order() -> None:
    rows = [(time_ns, float(time_ns % 97)) for time_ns in range(100_000)]
    rows[54_321] = (54_321, 1e9)
    kept = thinned(rows, MOST_POINTS)
    assert len(kept) <= MOST_POINTS
    assert (54_321, 1e9) in kept
    assert kept == sorted(kept)
    assert thinned(rows[:10], MOST_POINTS) == rows[:10]
