"""Errors of products against fp64, for every type and rung, on the inputs that break careless kernels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.vgpu.gemm import gemm_into
from assay.vgpu.kernels import all_kernels
from assay.vgpu.weights import pack_weights

Array = np.ndarray[Any, np.dtype[Any]]
NAMES = {"float64": "f64", "float32": "f32", "bfloat16": "bf16", "float16": "f16", "int8": "i8"}
CASES = [
    (kind, kernel.rung) for kind, name in NAMES.items() for kernel in all_kernels() if kernel.name == f"pack_{name}"
]
PRIMES = ((1, 1, 1), (2, 3, 5), (7, 13, 31), (29, 37, 67), (1, 97, 211), (101, 1, 53), (3, 5, 2203))
SCALES = {
    "random": lambda values: values,
    "ill-scaled": lambda values: values * np.exp2(np.linspace(-9, 9, values.size).reshape(values.shape)),
    "cancelling": lambda values: np.where(np.arange(values.size).reshape(values.shape) % 2 == 0, values, -values[0, 0]),
}
SMALLEST = {"float64": -1040, "float32": -130, "bfloat16": -130, "float16": -20}


def encoded(kind: str, values: Array) -> tuple[Array, Array]:
    """The operand, and what it holds in fp64."""
    if kind == "int8":
        whole = np.clip(np.rint(values * 40), -128, 127).astype(np.int8)
        return whole, whole.astype(np.float64)
    if kind == "bfloat16":
        bits = (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
        return bits, (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    narrow = values.astype(kind)
    return narrow, narrow.astype(np.float64)


def multiplied(kind: str, rung: str, a: Array, b: Array, *, packed: bool = False) -> Array:
    result = {"int8": np.int32, "float64": np.float64}.get(kind, np.float32)
    c = np.full((a.shape[0], b.shape[1]), 7, result)
    try:
        if packed:
            pack_weights(b, rung=rung).multiply_into(a, c)
        else:
            gemm_into(a, b, c, rung=rung)
    except RuntimeError as refusal:
        pytest.skip(str(refusal))
    return c


def assert_within_bound(kind: str, c: Array, wide_a: Array, wide_b: Array) -> None:
    """(k + 3) u times the sum of magnitudes, and the smallest number there is for each term that may underflow."""
    unit = {"float64": 2.0**-53, "int8": 0.0}.get(kind, 2.0**-24)
    tiny = {"float64": 2.0**-1074, "int8": 0.0}.get(kind, 2.0**-149)
    exact = wide_a.astype(np.longdouble) @ wide_b.astype(np.longdouble)
    terms = wide_a.shape[1] + 3
    bound = terms * (unit * (np.abs(wide_a) @ np.abs(wide_b)) + tiny)
    assert np.all(np.abs(c - exact) <= bound)


@pytest.mark.parametrize(("kind", "rung"), CASES)
@pytest.mark.parametrize("scaling", SCALES)
def test_errors_are_within_the_standard_bound(kind: str, rung: str, scaling: str) -> None:
    generator = np.random.default_rng(5)
    for m, n, k in PRIMES:
        a, wide_a = encoded(kind, SCALES[scaling](generator.standard_normal((m, k))))
        b, wide_b = encoded(kind, SCALES[scaling](generator.standard_normal((k, n))))
        assert_within_bound(kind, multiplied(kind, rung, a, b), wide_a, wide_b)
        assert_within_bound(kind, multiplied(kind, rung, a, b, packed=True), wide_a, wide_b)


@pytest.mark.parametrize(("kind", "rung"), [case for case in CASES if case[0] in SMALLEST])
def test_denormal_operands_and_sums_keep_the_bound(kind: str, rung: str) -> None:
    generator = np.random.default_rng(7)
    for exponent_a, exponent_b in (
        (SMALLEST[kind], 0),
        (0, SMALLEST[kind]),
        (SMALLEST[kind] // 2, SMALLEST[kind] // 2),
    ):
        a, wide_a = encoded(kind, np.ldexp(generator.standard_normal((17, 67)), exponent_a))
        b, wide_b = encoded(kind, np.ldexp(generator.standard_normal((67, 41)), exponent_b))
        assert_within_bound(kind, multiplied(kind, rung, a, b), wide_a, wide_b)
        assert_within_bound(kind, multiplied(kind, rung, a, b, packed=True), wide_a, wide_b)


@pytest.mark.parametrize(("kind", "rung"), [case for case in CASES if case[0] in SMALLEST])
@pytest.mark.parametrize("packed", [False, True])
def test_nan_and_infinity_reach_what_they_must_and_nothing_else(kind: str, rung: str, packed: bool) -> None:
    values_a, values_b = np.ones((19, 71)), np.ones((71, 43))
    values_a[4, 70], values_a[5, 3], values_b[11, 42], values_b[12, 7] = np.nan, np.inf, np.nan, -np.inf
    a, b = encoded(kind, values_a)[0], encoded(kind, values_b)[0]
    with np.errstate(invalid="ignore"):
        expected = values_a @ values_b
    assert np.array_equal(multiplied(kind, rung, a, b, packed=packed), expected, equal_nan=True)


@pytest.mark.parametrize(("kind", "rung"), CASES)
@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (5, 3, 0), (0, 0, 0)])
def test_products_without_elements_are_zeros(kind: str, rung: str, shape: tuple[int, int, int]) -> None:
    m, n, k = shape
    a, b = encoded(kind, np.ones((m, k)))[0], encoded(kind, np.ones((k, n)))[0]
    assert np.array_equal(multiplied(kind, rung, a, b), np.zeros((m, n)))
    assert np.array_equal(multiplied(kind, rung, a, b, packed=True), np.zeros((m, n)))


_DIGEST = """
import hashlib, sys
import numpy as np
from assay.vgpu.gemm import gemm_into
from assay.vgpu.weights import pack_int4, pack_weights
generator = np.random.default_rng(3)
digest = hashlib.sha256()
def taken(wide, kind):  # bfloat16 as its bits: no NaN, of which only that it is one is the same everywhere
    return (wide.astype("f4").view("u4") >> 16).astype("u2") if kind == "uint16" else wide.astype(kind)
for m, n, k in ((1, 2000, 700), (16, 900, 2100), (300, 513, 129), (2000, 64, 64)):
    wide_a, wide_b = generator.standard_normal((m, k)), generator.standard_normal((k, n))
    for kind in ("float64", "float32", "float16", "uint16", "int8"):
        a, b = taken(wide_a * 30, kind), taken(wide_b * 30, kind)
        c, d = (np.empty((m, n), {"float64": "f8", "int8": "i4"}.get(kind, "f4")) for _ in range(2))
        gemm_into(a, b, c)
        pack_weights(b).multiply_into(a, d)
        digest.update(c.tobytes() + d.tobytes())
    c = np.empty((m, n), "f4")
    scales = generator.standard_normal((-(-k // 32), n)).astype("f4")
    pack_int4((wide_b * 3).astype("i1"), scales, group=32).multiply_into(wide_a.astype("f4"), c)
    digest.update(c.tobytes())
print(digest.hexdigest())
"""


def test_results_are_the_same_for_any_number_of_threads() -> None:
    source = str(Path(sys.modules["assay"].__file__ or "").parents[1])
    seen = set()
    for threads in ("1", "2", "5"):
        variables = {**os.environ, "ASSAY_THREADS": threads, "PYTHONPATH": source}
        done = subprocess.run(
            [sys.executable, "-c", _DIGEST], env=variables, capture_output=True, text=True, timeout=120, check=True
        )
        seen.add(done.stdout.strip())
    assert len(seen) == 1
