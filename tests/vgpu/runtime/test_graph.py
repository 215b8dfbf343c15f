from __future__ import annotations

import gc
import threading
from array import array
from collections.abc import Callable, Iterator

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


@pytest.mark.parametrize("new_stream", [False, True])
def test_captured_operations_run_when_the_graph_is_replayed(new_stream: bool) -> None:
    stream = vg.Stream() if new_stream else vg.default_stream()
    x, places = vg.zeros((3, 4)), vg.zeros((2, 2))
    with stream.capture() as capture:
        y = x * 2.5 + 1
        total = vg.sum(y[:, ::2].T @ y, axis=0)
        places[...] = vg.sort(y, descending=True)[:2, :2]
        del y
    gc.collect()
    for value in (1.0, 3.0):
        x[...] = vg.asarray(value)
        stream.replay(capture.graph)
        stream.synchronise()
        same = np.full((3, 4), value) * 2.5 + 1
        np.testing.assert_allclose(np.asarray(total), (same[:, ::2].T @ same).sum(axis=0))
        np.testing.assert_array_equal(np.asarray(places), same[:2, :2])


def test_what_depends_on_elements_can_not_be_captured() -> None:
    x = vg.arange(4)
    works: tuple[Callable[[], object], ...] = (
        lambda: float(x[1]),
        lambda: bool(x[1]),
        x.tolist,
        lambda: x[x > 1],
        lambda: x[vg.asarray([1])],
    )
    for work in works:
        with pytest.raises(ValueError, match="captures a graph"), vg.default_stream().capture():
            work()
    assert float(x[1]) == 1


def test_a_graph_keeps_memory_of_other_libraries() -> None:
    values = np.arange(5.0)
    x = vg.asarray(values)
    with vg.default_stream().capture() as capture:
        y = x + 1
    del x
    gc.collect()
    values[:] = 7
    vg.default_stream().replay(capture.graph)
    assert y.tolist() == [8.0] * 5
