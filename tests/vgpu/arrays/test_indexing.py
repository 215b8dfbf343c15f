from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, assert_same, made

KEYS: tuple[Any, ...] = (
    0, -1, ..., None, (), slice(None), slice(1, 3), slice(None, None, -1), slice(10, 2, -2), slice(5, 1),
    (1, 2), (..., 0), (None, 1, ..., None), (slice(None), -1), (slice(2), slice(None), slice(None, None, 2)),
    (0, 1, 2), np.asarray([0, 2, -1]), np.asarray([[0, 1], [2, 3]]), np.asarray([], dtype=np.int64),
    (np.asarray([0, 1]), np.asarray([1, 2])), (slice(None), np.asarray([0, 3, 3])),
    (np.asarray([0, 1]), slice(None), np.asarray([1, 2])), (np.asarray([[0], [1]]), np.asarray([1, 2]), 0),
    (..., np.asarray([0, 1]), np.asarray([1, 1])), (0, np.asarray([1, 1])), (slice(1), None, np.asarray([2])),
    [1, 0],
)  # fmt: skip


def ours(key: Any) -> Any:
    if isinstance(key, tuple):
        return tuple(ours(one) for one in key)
    return vg.asarray(key) if isinstance(key, np.ndarray) else key


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_a_key_means_what_it_means_to_numpy(key: Any) -> None:
    array = made("float32", (4, 5, 6))
    assert_same(vg.asarray(array)[ours(key)], array[key])
    flipped = array.T[::-1]
    assert_same(vg.asarray(flipped)[ours(key)], flipped[key])


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_writing_by_a_key_does_what_numpy_does(key: Any) -> None:
    array = made("float64", (4, 5, 6))
    mine = vg.asarray(array, copy=True)
    value = np.arange(float(array[key].size)).reshape(array[key].shape) + 100
    mine[ours(key)] = vg.asarray(value)
    array[key] = value
    assert_same(mine, array)
    mine[ours(key)] = 7
    array[key] = 7
    assert_same(mine, array)


@pytest.mark.parametrize("dtype", ALL)
def test_masks_choose_elements_of_every_type(dtype: str) -> None:
    array = made(dtype, (5, 6))
    mask = made("bool", (5, 6), 3)
    assert_same(vg.asarray(array)[vg.asarray(mask)], array[mask])
    assert_same(vg.asarray(array)[vg.asarray(mask[:, 0])], array[mask[:, 0]])
    mine = vg.asarray(array, copy=True)
    mine[vg.asarray(mask)] = 1
    array[mask] = 1
    assert_same(mine, array)


@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
@pytest.mark.parametrize("value", [True, False])
def test_a_single_bool_adds_an_axis_that_is_there_or_not(shape: tuple[int, ...], value: bool) -> None:
    array = made("int32", shape)
    assert_same(vg.asarray(array)[value], array[value])
    assert_same(vg.asarray(array)[vg.asarray(value)], array[np.asarray(value)])


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (4, "index 4 is out of bounds for axis 0 of length 4"),
        ((0, -6), "index -6 is out of bounds for axis 1 of length 5"),
        ((0, 0, 0), "3 indices for an array of 2 axes"),
        ((..., 0, ...), "one ellipsis only"),
        (1.5, "an index is an integer"),
        (vg.asarray([0, 9]), "index 9 is out of bounds for an axis of length 4"),
        (vg.asarray([1.0]), "an array of float64 is no index"),
        (vg.asarray([True, False]), "a mask of length 2 for axis 0 of length 4"),
    ],
)
def test_a_key_that_means_nothing_is_refused(key: Any, message: str) -> None:
    array = vg.zeros((4, 5))
    with pytest.raises(IndexError, match=message):
        array[key]
    with pytest.raises(IndexError, match=message):
        array[key] = 1


def test_a_mask_of_no_elements_chooses_none() -> None:
    assert_same(vg.ones((3, 2))[vg.asarray([], dtype=vg.bool)], np.ones((0, 2)))


def test_slices_are_views_and_written_through() -> None:
    array = vg.zeros((3, 4))
    array[1][::2] = 5
    assert array.tolist() == [[0.0] * 4, [5.0, 0.0, 5.0, 0.0], [0.0] * 4]


def test_a_part_written_onto_an_overlapping_one_is_read_first() -> None:
    array, expected = vg.arange(10), np.arange(10)
    array[2:] = array[:-2]
    expected[2:] = expected[:-2].copy()
    assert_same(array, expected)


def test_a_value_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a value of shape \(3,\) doesn't fit into one of shape \(4,\)"):
        vg.zeros((4,))[:] = vg.zeros((3,))


def test_read_only_memory_stays_as_it_is() -> None:
    array = vg.asarray(b"abc")
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        array[vg.asarray([0])] = 1
    with pytest.raises(ValueError, match="read-only"):
        array += 1
