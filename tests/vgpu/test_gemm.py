from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.vgpu.gemm import Around, gemm_into, matmul_into

Array = np.ndarray[Any, np.dtype[Any]]
SIZES = (0, 1, 2, 7, 16, 31, 97)


def normal(*shape: int, dtype: str = "float32") -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(dtype)


def bound(a: Array, b: Array, dtype: str) -> Array:
    wide: Array = np.abs(a).astype("float64") @ np.abs(b).astype("float64")
    return np.asarray((a.shape[-1] + 3) * float(np.finfo(dtype).eps) / 2 * wide)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", SIZES)
def test_a_product_is_within_the_standard_bound(dtype: str, n: int) -> None:
    a, b, c = normal(n, n + 1, dtype=dtype), normal(n + 1, n + 2, dtype=dtype), np.full((n, n + 2), 9, dtype)
    matmul_into(a, b, c)
    assert np.all(np.abs(c - a.astype("longdouble") @ b.astype("longdouble")) <= bound(a, b, dtype))


def test_transposed_and_strided_operands_are_read_in_place() -> None:
    a, b, c = normal(40, 30).T, normal(80, 50)[::2, ::-1], np.empty((30, 50), "float32")
    matmul_into(a, b, c)
    assert np.all(np.abs(c - a.astype("float64") @ b.astype("float64")) <= bound(a, b, "float32"))


def test_int8_products_are_exact() -> None:
    generator = np.random.default_rng(3)
    a, b = (generator.integers(-128, 128, (90, 90), dtype=np.int8) for _ in range(2))
    c = np.empty((90, 90), np.int32)
    matmul_into(a, b, c)
    assert np.array_equal(c, a.astype(np.int32) @ b.astype(np.int32))


def test_bf16_operands_are_their_bits() -> None:
    a, b = ((normal(20, 20) * factor).view(np.uint32) >> 16 for factor in (1, 3))
    c = np.empty((20, 20), np.float32)
    matmul_into(a.astype(np.uint16), b.astype(np.uint16), c)
    wide_a, wide_b = ((bits << 16).astype(np.uint32).view(np.float32) for bits in (a, b))
    assert np.all(np.abs(c - wide_a.astype("float64") @ wide_b.astype("float64")) <= bound(wide_a, wide_b, "float32"))


@pytest.mark.parametrize("rung", ["reference", "portable", ""])
def test_fp16_operands_are_multiplied_in_fp32(rung: str) -> None:
    a, b, c = normal(31, 700, dtype="float16"), normal(700, 45, dtype="float16"), np.empty((31, 45), np.float32)
    for left, right in ((a, b), (np.asfortranarray(a), np.asfortranarray(b)), (a[::-1], b[:, ::-1])):
        gemm_into(left, right, c, rung=rung)
        exact = left.astype("float64") @ right.astype("float64")
        assert np.all(np.abs(c - exact) <= bound(left, right, "float32"))


def test_a_result_may_have_adjacent_rows() -> None:
    a, b, c = normal(12, 8), normal(8, 20), np.ones((12, 20), np.float32, order="F")
    gemm_into(a, b, c, Around(beta=2, activation="relu"))
    assert np.allclose(c, np.maximum(a @ b + 2, 0), atol=1e-5)
    with pytest.raises(ValueError, match="takes no bias; transpose the product"):
        gemm_into(a, b, c, Around(bias=normal(1, 20)))
    with pytest.raises(ValueError, match="neither the rows nor the columns of the result are adjacent"):
        matmul_into(a, b, np.ones((24, 40), np.float32)[::2, ::2])


def test_a_batch_multiplies_each_pair_and_shares_an_operand_of_two_dimensions() -> None:
    a, b, c = normal(9, 16, 16), normal(16, 16), np.empty((9, 16, 16), np.float32)
    matmul_into(a, b, c)
    assert np.allclose(c, a @ b, atol=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [1, 8, 14, 16, 17, 40, 65])
def test_a_batch_of_any_size_is_its_products_one_by_one_to_the_bit(dtype: str, n: int) -> None:
    a, b = normal(23, n, n + 1, dtype=dtype), normal(23, n + 1, n, dtype=dtype)
    together, apart = np.full((23, n, n + 2), np.nan, dtype), np.empty((23, n, n), dtype)
    matmul_into(a, b, together[:, :, :n])
    for i in range(23):
        matmul_into(a[i], b[i], apart[i])
    assert np.array_equal(together[:, :, :n], apart)
    assert np.all(np.isnan(together[:, :, n:]))


def test_alpha_beta_bias_and_activation_are_applied_in_that_order() -> None:
    a, b, c, bias = normal(12, 8), normal(8, 20), normal(12, 20), normal(1, 20)
    expected = np.maximum(2 * (a @ b) + 0.5 * c + bias, 0)
    gemm_into(a, b, c, Around(alpha=2, beta=0.5, bias=bias, activation="relu"))
    assert np.allclose(c, expected, atol=1e-5)


@pytest.mark.parametrize("rung", ["reference", "portable"])
def test_a_rung_can_be_forced(rung: str) -> None:
    a, b, c = normal(12, 8), normal(8, 20), np.empty((12, 20), np.float32)
    gemm_into(a, b, c, Around(), rung=rung)
    assert np.allclose(c, a @ b, atol=1e-5)


def test_shapes_that_do_not_fit_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"shapes \(2, 3\) and \(4, 5\) don't make \(2, 5\)"):
        matmul_into(normal(2, 3), normal(4, 5), normal(2, 5))


def test_elements_without_a_product_are_refused() -> None:
    with pytest.raises(TypeError, match="no product of elements 'f' and 'd' into 'f'"):
        matmul_into(normal(2, 2), normal(2, 2, dtype="float64"), normal(2, 2))


def test_a_result_that_is_read_only_is_refused() -> None:
    c = normal(2, 2)
    c.flags.writeable = False
    with pytest.raises((BufferError, ValueError)):
        matmul_into(normal(2, 2), normal(2, 2), c)


def test_int8_refuses_what_it_can_not_do_exactly() -> None:
    a = np.ones((2, 2), np.int8)
    with pytest.raises(ValueError, match="int8 has no alpha"):
        gemm_into(a, a, np.ones((2, 2), np.int32), Around(alpha=2))
