from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.sanitized import SANITIZED

LONGEST = 2310 if SANITIZED else 30030
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 30, 31, 37, 64, 97, 100, 128, 243, 1000, 1009, 1024, 4096, LONGEST)
NORMS: tuple[Any, ...] = ("backward", "ortho", "forward")


def numbers(dtype: str, shape: tuple[int, ...]) -> Any:
    generator = np.random.default_rng(0)
    values: Any = generator.standard_normal(shape)
    return (values + 1j * generator.standard_normal(shape) if dtype.startswith("c") else values).astype(dtype)


def assert_near(found: vg.Array, expected: Any, dtype: str) -> None:
    assert found.shape == expected.shape
    size = max(float(np.max(np.abs(expected))), 1e-300)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=0, atol=16 * float(np.finfo(dtype).eps) * size)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("norm", NORMS)
def test_transforms_of_every_length_are_those_of_numpy(dtype: str, length: int, norm: Any) -> None:
    x = numbers(dtype, (3, length))
    wide = x.astype("complex128")
    found = vg.fft.fft(vg.asarray(x), norm=norm)
    assert found.dtype.name == dtype
    assert_near(found, np.fft.fft(wide, norm=norm), dtype)
    assert_near(vg.fft.ifft(vg.asarray(x), norm=norm), np.fft.ifft(wide, norm=norm), dtype)
    assert_near(vg.fft.ifft(found, norm=norm), x, dtype)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("norm", NORMS)
def test_real_transforms_are_those_of_numpy(length: int, norm: Any) -> None:
    x, half = numbers("float64", (2, length)), numbers("complex128", (2, length // 2 + 1))
    assert_near(vg.fft.rfft(vg.asarray(x), norm=norm), np.fft.rfft(x, norm=norm), "float64")
    assert_near(vg.fft.irfft(vg.asarray(half), n=length, norm=norm), np.fft.irfft(half, n=length, norm=norm), "float64")
    assert_near(vg.fft.hfft(vg.asarray(half), n=length, norm=norm), np.fft.hfft(half, n=length, norm=norm), "float64")
    assert_near(vg.fft.ihfft(vg.asarray(x), norm=norm), np.fft.ihfft(x, norm=norm), "float64")
    assert vg.fft.rfft(vg.asarray(x.astype("float32"))).dtype is vg.complex64


@pytest.mark.parametrize("n", [None, 3, 6, 11])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_lines_are_cut_or_filled_up_along_any_axis(n: int | None, axis: int) -> None:
    x = numbers("complex128", (5, 6, 7))[:, ::-1]
    for name in ("fft", "ifft", "irfft", "hfft"):
        found = getattr(vg.fft, name)(vg.asarray(x), n=n, axis=axis)
        assert_near(found, getattr(np.fft, name)(x, n=n, axis=axis), "complex128")
    assert_near(vg.fft.rfft(vg.asarray(x.real), n=n, axis=axis), np.fft.rfft(x.real, n=n, axis=axis), "complex128")


@pytest.mark.parametrize(("s", "axes"), [(None, None), (None, (0, 2)), ((3, 8), (2, 1)), ((4,), (-1,))])
def test_transforms_along_several_axes(s: Any, axes: Any) -> None:
    x = numbers("complex128", (4, 5, 6))
    other = range(3) if axes is None else axes  # NumPy deprecates to leave it out
    for name in ("fftn", "ifftn", "irfftn"):
        expected = getattr(np.fft, name)(x, s=s, axes=other)
        assert_near(getattr(vg.fft, name)(vg.asarray(x), s=s, axes=axes), expected, "complex128")
    assert_near(vg.fft.rfftn(vg.asarray(x.real), s=s, axes=axes), np.fft.rfftn(x.real, s=s, axes=other), "complex128")


@pytest.mark.parametrize("n", range(1, 9))
def test_frequencies_and_shifts_are_those_of_numpy(n: int) -> None:
    assert_near(vg.fft.fftfreq(n, d=0.3), np.fft.fftfreq(n, d=0.3), "float64")
    assert_near(vg.fft.rfftfreq(n, d=0.3), np.fft.rfftfreq(n, d=0.3), "float64")
    assert vg.fft.fftfreq(n, dtype=vg.float32).dtype is vg.float32
    x = np.arange(n * 3).reshape(n, 3)
    for axes in (None, 0, (1,), (0, 1)):
        for name in ("fftshift", "ifftshift"):
            found = getattr(vg.fft, name)(vg.asarray(x), axes=axes)
            np.testing.assert_array_equal(np.asarray(found), getattr(np.fft, name)(x, axes=axes))


def test_empty_stacks_are_transformed_and_empty_lines_are_not() -> None:
    assert vg.fft.fft(vg.zeros((0, 4), dtype=vg.complex64)).shape == (0, 4)
    with pytest.raises(ValueError, match="at least one element"):
        vg.fft.fft(vg.zeros((4, 0)))


def test_what_can_not_be_transformed_is_refused() -> None:
    with pytest.raises(TypeError, match="not defined for elements of type int64"):
        vg.fft.fft(vg.arange(4))
    with pytest.raises(TypeError, match="needs real"):
        vg.fft.rfft(vg.zeros(4, dtype=vg.complex64))
    with pytest.raises(ValueError, match="norm must be"):
        vg.fft.fft(vg.zeros(4), norm="none")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="which axes"):
        vg.fft.fftn(vg.zeros((4, 4)), s=(2, 2))
    with pytest.raises(ValueError, match="there is one device"):
        vg.fft.fftfreq(4, device="cuda")
