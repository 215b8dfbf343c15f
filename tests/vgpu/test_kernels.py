from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import assay.vgpu as vg
from assay.vgpu import _python

SIZES = (0, 1, 2, 31, 32, 33, 63, 64, 65, 1000, 4099)
NAMES_BY_CODE = {"f": "sum_f32", "d": "sum_f64"}


def bits(number: float) -> bytes:
    return b"nan" if math.isnan(number) else struct.pack("<d", number)


def runnable_rungs(code: str) -> list[str]:
    allowed = {"reference", *vg.core_info().isas}
    return [k.rung for k in vg.all_kernels() if k.name == NAMES_BY_CODE[code] and k.rung in allowed]


def values(code: str, size: int) -> array[float]:
    generator = np.random.default_rng(size)
    return array(code, (generator.standard_normal(size) * 10.0 ** generator.integers(-6, 7, size)).tolist())


@pytest.mark.parametrize("code", ["f", "d"])
@pytest.mark.parametrize("size", SIZES)
def test_every_rung_and_both_cores_return_the_same_bits(code: str, size: int) -> None:
    data = values(code, size)
    expected = bits(_python.sum_buffer(data, ""))
    assert bits(vg.sum_of(data)) == expected
    assert {rung: bits(vg.sum_of(data, rung=rung)) for rung in runnable_rungs(code)} == dict.fromkeys(
        runnable_rungs(code), expected
    )


@pytest.mark.parametrize("code", ["f", "d"])
@pytest.mark.parametrize("size", SIZES)
def test_the_sum_is_right_within_its_stated_error(code: str, size: int) -> None:
    data = values(code, size)
    bound = (size / 32 + 5) * 2.0**-53 * math.fsum(abs(value) for value in data)
    assert abs(vg.sum_of(data) - math.fsum(data)) <= bound


@pytest.mark.parametrize("code", ["f", "d"])
@pytest.mark.parametrize("place", [0, 31, 32, 66])
@pytest.mark.parametrize("special", [math.nan, math.inf, -math.inf])
def test_a_special_value_reaches_the_result_on_every_rung(code: str, place: int, special: float) -> None:
    data = array(code, [1.0] * 67)
    data[place] = special
    for rung in runnable_rungs(code):
        assert bits(vg.sum_of(data, rung=rung)) == bits(special)
    assert bits(_python.sum_buffer(data, "")) == bits(special)


def test_an_array_of_any_shape_is_summed() -> None:
    block = np.arange(2 * 3 * 5, dtype=np.float32).reshape(2, 3, 5)
    assert vg.sum_of(block) == _python.sum_buffer(block, "") == 435.0
    assert vg.sum_of(np.zeros((0, 4))) == _python.sum_buffer(np.zeros((0, 4)), "") == 0.0


SUMS = pytest.mark.parametrize(
    "total", [vg.sum_of, lambda data: _python.sum_buffer(data, "")], ids=["active", "python"]
)


@SUMS
@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (3, TypeError, "a bytes-like object is required"),
        (b"12345678", TypeError, "expected elements of format 'd', not 'B'"),
        (array("i", [1]), TypeError, "expected elements of format 'd', not 'i'"),
        (np.zeros(4, dtype=">f4"), TypeError, "expected elements of format"),
        (np.zeros(8, dtype=np.float32)[::2], (BufferError, ValueError), "contiguous"),
    ],
)
def test_other_buffers_are_refused(
    total: Callable[[object], float], data: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        total(data)


def test_a_misaligned_buffer_is_refused_by_the_native_core() -> None:
    if vg.core_info().core == "python":
        pytest.skip("the Python core reads byte by byte")
    misaligned = memoryview(bytearray(8 * 4 + 1))[1:].cast("d")
    with pytest.raises(TypeError, match="not aligned"):
        vg.sum_of(misaligned)


@pytest.mark.parametrize(
    "core_sum", [lambda rung: vg.sum_of(b"", rung=rung), lambda rung: _python.sum_buffer(b"", rung)]
)
def test_a_rung_that_does_not_exist_is_refused(core_sum: Callable[[str], float]) -> None:
    with pytest.raises((ValueError, TypeError)):
        core_sum("sse9")


def test_threads_sum_at_once_without_disturbing_each_other() -> None:
    data = [values("d", size) for size in SIZES]
    expected = [vg.sum_of(each) for each in data]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(vg.sum_of, data * 8)) == expected * 8


def test_every_operation_is_listed_with_its_reference_first() -> None:
    listed = vg.all_kernels()
    assert {"sum_f32", "sum_f64"} <= {kernel.name for kernel in listed if kernel.family == "reduce"}
    for family, name in {(kernel.family, kernel.name) for kernel in listed}:
        rungs = [kernel.rung for kernel in listed if (kernel.family, kernel.name) == (family, name)]
        assert rungs[0] == "reference"
        assert len(rungs) == len(set(rungs))
