from __future__ import annotations

import numpy as np
import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


def test_an_event_without_a_recording_has_no_time() -> None:
    event = vg.Event()
    assert not event.happened()
    with pytest.raises(ValueError, match="never recorded"):
        event.synchronise()
    with pytest.raises(ValueError, match="never recorded"):
        event.time_ns()


def test_events_order_streams_and_measure_the_time_between() -> None:
    first, second = vg.Stream(), vg.Stream()
    start, end = vg.Event(), vg.Event()
    a = np.random.default_rng(1).random((300, 300))
    b, c = np.empty_like(a), np.empty_like(a)
    first.record(start)
    first.gemm(a, a, b)
    first.record(end)
    second.wait(end)
    second.gemm(b, a, c)
    second.synchronise()
    assert end.happened()
    assert np.allclose(c, a @ a @ a)
    assert vg.elapsed_ns(start, end) > 0
    assert end.time_ns() - start.time_ns() == pytest.approx(vg.elapsed_ns(start, end), abs=1000)
