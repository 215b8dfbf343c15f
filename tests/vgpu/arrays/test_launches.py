from __future__ import annotations

import gc
from collections.abc import Callable

import numpy as np
import pytest

import assay.vgpu as vg


def rows(profile: vg.Profile) -> dict[str, dict[str, object]]:
    return {str(row["name"]): row for row in profile.table().to_pylist()}


def test_operations_on_arrays_are_launches() -> None:
    x, places = vg.ones((20, 30), dtype=vg.float32), vg.asarray([1, 2, 1])
    with vg.profile() as profile:
        y = x + x[:1]
        vg.exp(y)
        vg.sum(y, axis=1)
        y @ vg.ones((30, 7), dtype=vg.float32)
        vg.sort(y)
        y[places]
        vg.zeros(9, dtype=vg.int8)
    found = rows(profile)
    add = found["add_float32"]
    assert (add["flops"], add["bytes_read"], add["bytes_written"]) == (600, 4 * 630, 2400)
    assert (found["exp_float32"]["flops"], found["sum_float32"]["bytes_read"]) == (600, 2400)
    assert found["matmul_float32"]["flops"] == 2 * 20 * 30 * 7
    assert (found["sort_float32"]["flops"], found["full_int8"]["bytes_written"]) == (0, 9)
    assert found["gather_float32"]["bytes_read"] == 3 * 30 * 4 + 3 * 8
    assert all(row["stream"] == 0 and row["tier_bytes"] == 0 for row in found.values())


def test_work_on_integers_counts_no_floating_operations() -> None:
    x = vg.arange(10)
    with vg.profile() as profile:
        x + 1
    assert rows(profile)["add_int64"]["flops"] == 0


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
