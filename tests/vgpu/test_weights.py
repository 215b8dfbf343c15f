from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from assay.vgpu.gemm import Around, gemm_into
from assay.vgpu.kernels import all_kernels
from assay.vgpu.weights import pack_int4, pack_weights

Array = np.ndarray[Any, np.dtype[Any]]
KINDS = ("float64", "float32", "float16", "uint16", "int8")
RUNGS = ("reference", "portable", "")


def made(kind: str, *shape: int) -> Array:
    """Numbers of a type; ``uint16`` is bf16 as its bits."""
    values = np.random.default_rng(sum(shape)).standard_normal(shape)
    if kind == "int8":
        return (values * 40).astype(np.int8)
    if kind == "uint16":
        return (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    return values.astype(kind)


def room(kind: str, *shape: int) -> Array:
    return np.full(shape, 7, {"int8": "int32", "float64": "float64"}.get(kind, "float32"))


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("kind", KINDS)
def test_packed_weights_give_the_bits_of_the_plain_product(kind: str, rung: str) -> None:
    weights = made(kind, 45, 600).T  # as layers store them
    packed = pack_weights(weights, rung=rung)
    assert packed.shape == (600, 45)
    for m in (0, 1, 3, 16, 37):
        a, c, d = made(kind, m, 600), room(kind, m, 45), room(kind, m, 45)
        gemm_into(a, weights, c, rung=rung)
        packed.multiply_into(a, d)
        assert np.array_equal(c, d)


def test_packed_weights_take_alpha_beta_bias_and_activation() -> None:
    a, weights, c, bias = made("float32", 3, 70), made("float32", 70, 9), room("float32", 3, 9), made("float32", 1, 9)
    pack_weights(weights).multiply_into(a, c, Around(alpha=-2, beta=0.5, bias=bias, activation="relu"))
    assert np.allclose(c, np.maximum(-2 * (a @ weights) + 3.5 + bias, 0), atol=1e-4)


def test_a_batch_shares_the_weights() -> None:
    a, weights, c = made("float32", 4, 3, 70), made("float32", 70, 9), room("float32", 4, 3, 9)
    pack_weights(weights).multiply_into(a, c)
    assert np.allclose(c, a @ weights, atol=1e-4)


def test_arrays_of_the_device_are_operands_bfloat16_included() -> None:
    a = vg.astype(vg.ones((2, 40)), vg.bfloat16)
    c = vg.zeros((2, 3), dtype=vg.float32)
    weights = pack_weights(vg.astype(vg.full((40, 3), 0.5), vg.bfloat16))
    assert weights.element == "bf16"
    weights.multiply_into(a, c)
    assert c.tolist() == [[20.0] * 3] * 2


@pytest.mark.skipif(vg.core_info().isa != "avx512", reason="other rungs widen fp16 while they pack it")
def test_weights_of_fp16_take_half_the_room_of_fp32() -> None:
    half, whole = pack_weights(made("float16", 64, 64)), pack_weights(made("float32", 64, 64))
    assert half.packed.size * 2 == whole.packed.size


def test_activations_of_another_type_are_refused() -> None:
    weights = pack_weights(made("float16", 8, 8))
    with pytest.raises(TypeError, match="weights of elements 'e' multiply their own kind, not 'H'"):
        weights.multiply_into(made("uint16", 2, 8), room("uint16", 2, 8))


def test_shapes_that_do_not_fit_are_refused() -> None:
    weights = pack_weights(made("float32", 8, 40))
    with pytest.raises(ValueError, match=r"activations of shape \(2, 8\) don't make a result of \(3, 40\)"):
        weights.multiply_into(made("float32", 2, 8), room("float32", 3, 40))
    with pytest.raises(ValueError, match="no packed weights of that shape"):
        weights.multiply_into(made("float32", 2, 8), room("float32", 2, 90))


def test_what_is_no_matrix_of_numbers_makes_no_weights() -> None:
    with pytest.raises(TypeError, match="weights have 3 dimensions, not 2"):
        pack_weights(made("float32", 2, 2, 2))
    with pytest.raises(TypeError, match=r"no product of elements '[ql]'"):
        pack_weights(np.ones((2, 2), np.int64))
    with pytest.raises(ValueError, match="no rung 'fastest'"):
        pack_weights(made("float32", 2, 2), rung="fastest")


class Int4:
    """Random int4 weights, with and without zero points."""

    def __init__(self, k: int, n: int, group: int, *, zero_points: bool) -> None:
        generator = np.random.default_rng(k + n + group)
        groups = -(-k // group)
        self.codes = generator.integers(0, 16, (k, n), dtype=np.uint8)
        self.scales = generator.standard_normal((groups, n)).astype(np.float32)
        self.zeros = generator.integers(0, 16, (groups, n), dtype=np.uint8) if zero_points else None
        zero = np.full((groups, n), 8) if self.zeros is None else self.zeros
        by_row = np.arange(k) // group
        self.wide: Array = self.scales[by_row].astype(np.float64) * (self.codes.astype(np.float64) - zero[by_row])
        self.packed = pack_int4(self.codes, self.scales, self.zeros, group=group)


@pytest.mark.parametrize("zero_points", [False, True])
@pytest.mark.parametrize("group", [32, 64, 96, 128, 256])
def test_int4_weights_multiply_int8_within_the_bound_of_their_groups(group: int, zero_points: bool) -> None:
    for m, k, n in ((1, 300, 33), (5, 31, 64), (17, 640, 7), (0, 9, 9), (2, 0, 3)):
        weights = Int4(k, n, group, zero_points=zero_points)
        a, scales = made("int8", m, k), made("float32", m, 1)
        parts = [slice(at, at + min(group, 128)) for at in range(0, k, min(group, 128))]
        sums = np.stack([np.zeros((m, n)), *(np.abs(a[:, p].astype("float64") @ weights.wide[p]) for p in parts)])
        bound = (len(parts) + 4) * 2.0**-24 * np.abs(scales) * sums.sum(axis=0)
        for rung in sorted({kernel.rung for kernel in all_kernels() if kernel.family == "gemm_i4"}):
            c = room("float32", m, n)
            try:
                weights.packed.multiply_into(a, c, scales=scales, rung=rung)
            except RuntimeError:  # this processor can't
                continue
            assert np.all(np.abs(c - scales * (a.astype("float64") @ weights.wide)) <= bound)


def test_int4_weights_may_be_signed() -> None:
    weights = Int4(64, 8, 32, zero_points=False)
    signed = pack_int4(weights.codes.astype(np.int8) - 8, weights.scales, group=32)
    assert bytes(signed.packed) == bytes(weights.packed.packed)


def test_int4_weights_multiply_fp32_rounded_to_int8_by_rows() -> None:
    weights = Int4(256, 50, 128, zero_points=True)
    a, c = made("float32", 6, 256), room("float32", 6, 50)
    weights.packed.multiply_into(a, c)
    rounding = np.abs(a).max(axis=1, keepdims=True) / 254 * np.abs(weights.wide).sum(axis=0)
    assert np.all(np.abs(c - a.astype("float64") @ weights.wide) <= rounding * 1.001)
    a[2, 3], a[4, 5] = np.nan, -np.inf
    weights.packed.multiply_into(a, c)
    assert [bool(np.isnan(row).all()) for row in c] == [False, False, True, False, True, False]


def test_int4_weights_of_a_wrong_shape_are_refused() -> None:
    codes = np.zeros((64, 8), np.uint8)
    with pytest.raises(ValueError, match="no groups of 48 weights; there are 32, 64, 96 and multiples of 128"):
        pack_int4(codes, np.ones((2, 8), np.float32), group=48)
    with pytest.raises(ValueError, match=r"scales must be of shape \(2, 8\)"):
        pack_int4(codes, np.ones((1, 8), np.float32), group=32)
    packed = pack_int4(codes, np.ones((2, 8), np.float32), group=32)
    with pytest.raises(TypeError, match="multiply int8 'b' or fp32 'f' into fp32"):
        packed.multiply_into(np.ones((1, 64), np.float64), room("float32", 1, 8))
    with pytest.raises(ValueError, match="scales of int8 activations must be fp32 of shape"):
        packed.multiply_into(made("int8", 2, 64), room("float32", 2, 8), scales=made("float32", 2, 2))
