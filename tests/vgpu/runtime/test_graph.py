from __future__ import annotations

import gc
import threading
from array import array
from collections.abc import Iterator

import numpy as np
import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(params=["default", "own"])
def stream(request: pytest.FixtureRequest) -> Iterator[vg.Stream]:
    made = vg.default_stream() if request.param == "default" else vg.Stream()
    yield made
    made.synchronise()


def test_a_graph_is_replayed_on_the_memory_it_was_captured_with(stream: vg.Stream) -> None:
    values, result = np.ones(10), np.zeros(())
    with stream.capture() as capture:
        stream.sum(values, result)
        stream.nothing()
    assert result == 0
    assert len(capture.graph) == 2
    values *= 3
    stream.replay(capture.graph, times=2)
    stream.synchronise()
    assert result == 30


def test_a_graph_keeps_its_operands() -> None:
    result = array("d", [0.0])
    stream = vg.default_stream()
    with stream.capture() as capture:
        stream.sum(np.full(1000, 2.0), result)
    gc.collect()
    np.full(1000, 7.0)
    stream.replay(capture.graph)
    assert result[0] == 2000.0


def test_a_capture_that_fails_leaves_no_graph_and_the_stream_as_it_was() -> None:
    stream = vg.default_stream()
    failing = stream.capture()
    with pytest.raises(ValueError, match="times must be"), failing:
        stream.replay(vg.Graph(0), times=-1)
    with pytest.raises(ValueError, match="leave its with-block"):
        _ = failing.graph
    result = array("d", [0.0])
    stream.sum(array("d", [4.0]), result)
    assert result[0] == 4.0


def test_one_thread_captures_one_stream_at_a_time() -> None:
    with vg.default_stream().capture(), pytest.raises(ValueError, match="captures a stream already"):
        vg.Stream().capture().__enter__()


def test_other_threads_launch_while_one_captures() -> None:
    result = array("d", [0.0])
    with vg.default_stream().capture() as capture:
        worker = threading.Thread(target=lambda: vg.default_stream().sum(array("d", [4.0]), result))
        worker.start()
        worker.join()
    assert result[0] == 4.0
    assert len(capture.graph) == 0
