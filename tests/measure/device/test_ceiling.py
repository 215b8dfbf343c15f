from __future__ import annotations

from assay.measure.device.ceiling import raised
from tests.measure.device.makers import make_ceilings


def test_the_higher_of_two_readings_is_the_ceiling() -> None:
    both = raised(make_ceilings(peak=100e9, bandwidth=50e9), make_ceilings(peak=200e9, bandwidth=40e9))
    assert both.peak("fp32", 2) == 200e9
    assert both.bandwidth("DRAM", "read", 2) == 50e9
    assert raised(both, make_ceilings(peak=None, bandwidth=1.0)) == both
