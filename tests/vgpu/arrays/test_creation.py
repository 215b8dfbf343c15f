from __future__ import annotations

import array as python_array
from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, assert_same, layouts, made


@pytest.mark.parametrize("dtype", ALL)
def test_memory_of_numpy_is_shared_in_every_layout(dtype: str) -> None:
    for array in layouts(made(dtype, (3, 4))):
        for mine in (vg.asarray(array), vg.from_dlpack(array)):
            assert_same(mine, array)
            assert np.shares_memory(np.asarray(mine), array)
        assert not np.shares_memory(np.asarray(vg.asarray(array, copy=True)), array)


def test_memory_stays_alive_as_long_as_an_array_sees_it() -> None:
    mine = vg.asarray(np.arange(100_000.0))[::1000]
    assert_same(mine, np.arange(0.0, 100_000, 1000))
    theirs = np.from_dlpack(vg.arange(50_000))
    np.testing.assert_array_equal(theirs, np.arange(50_000))


@pytest.mark.parametrize(
    ("data", "dtype", "shape"),
    [
        (3, "int64", ()), (2.5, "float64", ()), (True, "bool", ()), (1j, "complex128", ()), ([], "float64", (0,)),
        ([[1, 2], [3, 4]], "int64", (2, 2)), ([1, 2.0], "float64", (2,)), ([True, 1], "int64", (2,)),
        ([2**63], "uint64", (1,)), (((1j,), (2,)), "complex128", (2, 1)), ([[], []], "float64", (2, 0)),
        ([vg.asarray(1.0, dtype=vg.float32), 2], "float32", (2,)), ([np.float64(1.5)], "float64", (1,)),
    ],
)  # fmt: skip
def test_numbers_of_python_become_arrays(data: Any, dtype: str, shape: tuple[int, ...]) -> None:
    array = vg.asarray(data)
    assert (array.dtype.name, array.shape) == (dtype, shape)


def test_other_memory_becomes_arrays() -> None:
    assert_same(vg.asarray(python_array.array("h", [1, -2])), np.asarray([1, -2], dtype=np.int16))
    assert_same(vg.asarray(memoryview(b"ab")), np.asarray([97, 98], dtype=np.uint8))
    assert_same(vg.asarray(np.float32(2.5)), np.float32(2.5))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: vg.asarray([[1], [2, 3]]), ValueError, "not equally long"),
        (lambda: vg.asarray([1, [2]]), ValueError, "not equally deep"),
        (lambda: vg.asarray("text"), TypeError, "holds no numbers"),
        (lambda: vg.asarray(["a"]), TypeError, "str is not a number"),
        (lambda: vg.asarray([1], copy=False), ValueError, "can't be shared"),
        (lambda: vg.asarray(np.zeros(2), dtype=vg.int8, copy=False), ValueError, "without a copy"),
        (lambda: vg.asarray(np.zeros(2, dtype=">f4")), BufferError, "byte order"),
        (lambda: vg.asarray(memoryview(b"a").cast("c")), TypeError, "no array has elements of format"),
        (lambda: vg.asarray(np.zeros(2, dtype="M8[s]")), (TypeError, ValueError), "."),
        (lambda: vg.asarray([1], device="cuda"), ValueError, "there is one device"),
        (lambda: vg.asarray([300], dtype=vg.uint8), OverflowError, "out of the range of uint8"),
        (lambda: vg.from_dlpack(3), TypeError, "has no __dlpack__"),
        (lambda: vg.zeros((-1,)), ValueError, "no negative lengths"),
        (lambda: vg.zeros((1,) * 33), ValueError, "at most 32 axes"),
        (lambda: vg.zeros((2**40, 2**40)), MemoryError, "."),
        (lambda: vg.arange(0, 5, 0), ValueError, "step must not be zero"),
        (lambda: vg.linspace(0, 1, -1), ValueError, "must not be negative"),
        (lambda: vg.meshgrid(indexing="yx"), ValueError, "'xy' or 'ij'"),  # type: ignore[arg-type]
        (lambda: vg.tril(vg.zeros((2,))), ValueError, "at least two axes"),
        (lambda: vg.astype(vg.asarray([1j]), vg.float64), TypeError, "would lose its imaginary part"),
    ],
)
def test_what_is_no_array_is_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_misaligned_memory_is_refused() -> None:
    memory = np.frombuffer(bytearray(33), dtype=np.uint8)[1:].view(np.float64)
    with pytest.raises(ValueError, match="not aligned"):
        vg.asarray(memory)


@pytest.mark.parametrize("args", [(5,), (2, 9), (2, 9, 3), (9, 2, -2), (5, 2), (0.5, 3.2), (1.0, 0.0, -0.25), (0,)])
def test_ranges_are_numpys(args: tuple[float, ...]) -> None:
    assert_same(vg.arange(*args), np.arange(*args), 1e-15)
    assert_same(vg.arange(*args, dtype=vg.float32), np.arange(*args).astype(np.float32), 1e-6)


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [0, 1, 2, 7])
def test_lines_are_numpys(num: int, endpoint: bool) -> None:
    assert_same(vg.linspace(-1, 3, num, endpoint=endpoint), np.linspace(-1, 3, num, endpoint=endpoint), 1e-15)
    assert_same(vg.linspace(0, 1j, num, endpoint=endpoint), np.linspace(0, 1j, num, endpoint=endpoint), 1e-15)


@pytest.mark.parametrize("k", [-3, -1, 0, 2, 9])
def test_diagonals_and_triangles_are_numpys(k: int) -> None:
    array = made("int16", (2, 3, 5))
    assert_same(vg.eye(3, 5, k=k, dtype=vg.int8), np.eye(3, 5, k=k, dtype=np.int8))
    assert_same(vg.tril(vg.asarray(array), k=k), np.tril(array, k=k))
    assert_same(vg.triu(vg.asarray(array), k=k), np.triu(array, k=k))


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_grids_are_numpys(indexing: Any) -> None:
    lines = [np.arange(3), np.arange(2.0), np.arange(4)]
    for count in (1, 2, 3):
        ours = vg.meshgrid(*map(vg.asarray, lines[:count]), indexing=indexing)
        for mine, theirs in zip(ours, np.meshgrid(*lines[:count], indexing=indexing), strict=True):
            assert_same(mine, theirs)


@pytest.mark.parametrize("dtype", ALL)
def test_filled_arrays_have_the_type_and_shape_they_are_asked_for(dtype: str) -> None:
    wanted = getattr(vg, dtype)
    assert_same(vg.zeros((2, 0, 3), dtype=wanted), np.zeros((2, 0, 3), dtype=dtype))
    assert_same(vg.ones(4, dtype=wanted), np.ones(4, dtype=dtype))
    assert_same(vg.full_like(vg.empty((2, 2), dtype=wanted), 1), np.ones((2, 2), dtype=dtype))
    assert vg.empty_like(vg.zeros_like(vg.ones_like(vg.ones((3,), dtype=wanted)))).dtype is wanted


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("target", ALL)
def test_every_type_is_converted_to_every_other_as_in_numpy(source: str, target: str) -> None:
    array = made(source, (40,))
    if source.startswith("complex") and not target.startswith(("complex", "bool")):
        return
    if target.startswith("u"):
        array = np.abs(array)
    assert_same(vg.astype(vg.asarray(array), getattr(vg, target)), array.astype(target))
