from __future__ import annotations

import importlib
import time

import pytest

import assay.vgpu as vg


def test_the_clock_states_how_good_it_is() -> None:
    info = vg.clock_info()
    assert info.resolution_ns >= 1
    assert info.read_ns > 0
    assert (info.tsc_hz is None) == (info.tsc_error_ppm is None)


def test_the_native_clock_is_the_one_of_python() -> None:
    if vg.core_info().core == "python":
        pytest.skip("no native core")
    native = importlib.import_module("assay.vgpu._native")
    before = time.perf_counter_ns()
    now = native.monotonic_ns()
    assert before <= now <= time.perf_counter_ns()


@pytest.mark.parametrize("window_s", [0.0, -1.0, 11.0, float("nan")])
def test_a_window_that_makes_no_sense_is_refused(window_s: float) -> None:
    with pytest.raises(ValueError, match="window_s must lie in"):
        vg.clock_info(window_s)
