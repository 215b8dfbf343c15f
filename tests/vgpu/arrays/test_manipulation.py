from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import assert_same, layouts, made

ARRAY = made("int32", (2, 3, 4))
X = vg.asarray(ARRAY)


@pytest.mark.parametrize("shape", [(24,), (4, 6), (-1,), (2, -1, 2), (1, 2, 3, 4, 1), (6, 4), (3, 8), (12, 2)])
def test_reshaping_is_numpys_for_every_layout(shape: tuple[int, ...]) -> None:
    for array in layouts(ARRAY)[:4]:
        assert_same(vg.reshape(vg.asarray(array), shape), array.reshape(shape))


def test_reshaping_copies_only_where_strides_can_not_say_it() -> None:
    assert vg.reshape(X, (6, 4)).pointer == X.pointer
    assert vg.reshape(X[:, :, ::2], (6, 2)).pointer == X.pointer
    assert vg.reshape(X, (6, 4), copy=True).pointer != X.pointer
    with pytest.raises(ValueError, match="without a copy"):
        vg.reshape(vg.permute_dims(X, (2, 1, 0)), (24,), copy=False)


@pytest.mark.parametrize("shape", [(5,), (-1, -1), (-1, 5), (7, -1)])
def test_a_shape_that_does_not_fit_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="don't fill the shape"):
        vg.reshape(X, shape)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda x: vg.permute_dims(x, (2, 0, 1)), lambda a: np.transpose(a, (2, 0, 1))),
        (lambda x: vg.moveaxis(x, 0, -1), lambda a: np.moveaxis(a, 0, -1)),
        (lambda x: vg.moveaxis(x, (0, 1), (2, 0)), lambda a: np.moveaxis(a, (0, 1), (2, 0))),
        (vg.flip, np.flip),
        (lambda x: vg.flip(x, axis=(0, -1)), lambda a: np.flip(a, (0, -1))),
        (lambda x: vg.expand_dims(x, axis=1), lambda a: np.expand_dims(a, 1)),
        (lambda x: vg.expand_dims(x, axis=(0, -1)), lambda a: np.expand_dims(a, (0, -1))),
        (lambda x: vg.squeeze(x[:, :1], 1), lambda a: a[:, 0]),
        (lambda x: vg.roll(x, 5), lambda a: np.roll(a, 5)),
        (lambda x: vg.roll(x, -1, axis=1), lambda a: np.roll(a, -1, 1)),
        (lambda x: vg.roll(x, (1, 2), axis=(0, 2)), lambda a: np.roll(a, (1, 2), (0, 2))),
        (lambda x: vg.repeat(x, 2), lambda a: np.repeat(a, 2)),
        (lambda x: vg.repeat(x, vg.asarray([1, 0, 3]), axis=1), lambda a: np.repeat(a, [1, 0, 3], 1)),
        (lambda x: vg.tile(x, (2, 1)), lambda a: np.tile(a, (2, 1))),
        (lambda x: vg.tile(x, (2, 1, 1, 3)), lambda a: np.tile(a, (2, 1, 1, 3))),
        (lambda x: vg.concat([x, x * 2], axis=1), lambda a: np.concatenate([a, a * 2], 1)),
        (lambda x: vg.concat([x, x[0]], axis=None), lambda a: np.concatenate([a.ravel(), a[0].ravel()])),
        (lambda x: vg.stack([x, x], axis=-1), lambda a: np.stack([a, a], -1)),
        (lambda x: vg.unstack(x, axis=1)[2], lambda a: a[:, 2]),
        (vg.diff, np.diff),
        (lambda x: vg.diff(x, axis=1, n=2), lambda a: np.diff(a, 2, 1)),
        (lambda x: vg.diff(x, axis=0, prepend=x), lambda a: np.diff(a, axis=0, prepend=a)),
        (lambda x: vg.broadcast_to(x, (5, 2, 3, 4)), lambda a: np.broadcast_to(a, (5, 2, 3, 4))),
    ],
)
def test_shapes_change_as_in_numpy(ours: Any, theirs: Any) -> None:
    assert_same(ours(X), theirs(ARRAY))


def test_arrays_are_broadcast_together() -> None:
    a, b = vg.broadcast_arrays(vg.zeros((3, 1)), vg.zeros((1, 4)))
    assert a.shape == b.shape == (3, 4)
    assert vg.broadcast_shapes((2, 1), (3,), ()) == (2, 3)


def test_types_are_promoted_when_arrays_are_joined() -> None:
    assert vg.concat([vg.zeros((1,), dtype=vg.int8), vg.zeros((1,), dtype=vg.uint8)]).dtype is vg.int16


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vg.squeeze(X, 0), "length 2, not 1"),
        (lambda: vg.concat([]), "at least one array"),
        (lambda: vg.concat([X, X[0]]), "differ in more"),
        (lambda: vg.concat([X, X[:, :2]]), "differ in more"),
        (lambda: vg.stack([X, X[0]]), "arrays of one shape"),
        (lambda: vg.broadcast_to(X, (2, 3)), "can't be broadcast"),
        (lambda: vg.broadcast_shapes((2,), (3,)), "can't be broadcast"),
        (lambda: vg.permute_dims(X, (0, 1)), "expected 3 axes"),
        (lambda: vg.moveaxis(X, (0, 1), 0), "as many destinations"),
        (lambda: vg.roll(X, (1, 2), axis=0), "as many shifts"),
        (lambda: vg.diff(X, n=-1), "must not be negative"),
        (lambda: vg.repeat(X, vg.asarray([1, 2]), axis=1), "expected one count or 3"),
    ],
)
def test_what_can_not_be_done_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
