from __future__ import annotations

from assay.marks import Bench, Limit
from assay.testing.measured import broken, measured, middle
from assay.testing.meter import Meter


def test_numbers_are_for_one_call_and_the_middle_round_counts() -> None:
    found = measured("t", lambda: sum(range(20_000)), Bench(rounds=3, warmup=0, calls=4), None)
    wall_s = middle(found, "wall_s")
    assert wall_s is not None
    assert 0.0 < 4 * wall_s <= max(one.values["wall_s"] for one in found.rounds)
    over, unknown = broken(found, Limit(wall_s=1e-9, energy_j=1.0))
    assert "(wall_s)" in over[0]
    assert "energy_j was not measured" in unknown[0]


def test_memory_is_the_peak_beyond_what_was_held() -> None:
    meter = Meter(memory=True)
    meter.start()
    held = bytearray(b"x") * 30_000_000
    del held
    reading = meter.read()
    assert "peak_mb" in reading.reasons or 25.0 <= reading.values["peak_mb"] <= 60.0
