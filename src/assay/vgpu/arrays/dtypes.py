"""Data types of elements, their limits, and how they mix."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assay.vgpu.arrays.native import Array, native


@dataclass(frozen=True, slots=True, eq=False)
class DType:
    """Type of the elements of an array; there is one object of each."""

    name: str
    """As the array API standard has it, for example ``float32``."""
    kind: str
    """``b`` bool, ``i`` signed and ``u`` unsigned integer, ``f`` floating, ``c`` complex."""
    itemsize: int
    """Bytes of an element."""
    code: int
    """Number of the type in the native core."""

    def __repr__(self) -> str:
        return f"assay.vgpu.{self.name}"


_FACTS = (
    ("bool", "b", 1), ("int8", "i", 1), ("int16", "i", 2), ("int32", "i", 4), ("int64", "i", 8), ("uint8", "u", 1),
    ("uint16", "u", 2), ("uint32", "u", 4), ("uint64", "u", 8), ("float16", "f", 2), ("bfloat16", "f", 2),
    ("float32", "f", 4), ("float64", "f", 8), ("complex64", "c", 8), ("complex128", "c", 16),
)  # fmt: skip

DTYPES = tuple(DType(name, kind, itemsize, code) for code, (name, kind, itemsize) in enumerate(_FACTS))
"""All of them, in the order of the native core's codes."""

(
    bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64,
    float16, bfloat16, float32, float64, complex64, complex128,
) = DTYPES  # fmt: skip

_KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "f",
    "complex floating": "c",
    "numeric": "iufc",
}
_EXACT_SIZES = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


@dataclass(frozen=True, kw_only=True, slots=True)
class FloatInfo:
    """Limits of a floating type, or of the components of a complex one."""

    bits: int
    """Bits of a number."""
    eps: float
    """Distance from 1.0 to the next larger number."""
    max: float
    """Largest finite number."""
    min: float
    """Smallest finite number."""
    smallest_normal: float
    """Smallest positive number of full precision."""
    dtype: DType
    """The real type."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IntegerInfo:
    """Limits of an integer type."""

    bits: int
    """Bits of a number."""
    max: int
    """Largest number."""
    min: int
    """Smallest number."""
    dtype: DType
    """The type."""


# Digits of the significand (the leading one included) and the largest exponent.
_FLOATS = {float16: (11, 16), bfloat16: (8, 128), float32: (24, 128), float64: (53, 1024)}
_COMPONENTS = {complex64: float32, complex128: float64}


def finfo(type: DType | Array, /) -> FloatInfo:  # noqa: A002 (the standard's name)
    """Limits of a floating or complex type."""
    dtype = dtype_of(type)
    real = _COMPONENTS.get(dtype, dtype)
    if real not in _FLOATS:
        raise ValueError(f"finfo: {dtype.name} is not a floating type; use iinfo for integers")
    digits, exponent = _FLOATS[real]
    largest = math.ldexp(2.0 - math.ldexp(1.0, 1 - digits), exponent - 1)
    return FloatInfo(
        bits=real.itemsize * 8,
        eps=math.ldexp(1.0, 1 - digits),
        max=largest,
        min=-largest,
        smallest_normal=math.ldexp(1.0, 2 - exponent),
        dtype=real,
    )


def iinfo(type: DType | Array, /) -> IntegerInfo:  # noqa: A002 (the standard's name)
    """Limits of an integer type."""
    dtype = dtype_of(type)
    if dtype.kind not in "iu":
        raise ValueError(f"iinfo: {dtype.name} is not an integer type; use finfo for floating ones")
    bits = dtype.itemsize * 8
    lowest = -(1 << (bits - 1)) if dtype.kind == "i" else 0
    return IntegerInfo(bits=bits, max=lowest + (1 << bits) - 1, min=lowest, dtype=dtype)


def isdtype(dtype: DType, kind: DType | str | tuple[DType | str, ...]) -> bool:
    """Whether a type is ``kind``: a type, a kind by name (``"integral"``, …), or any of several."""
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    if isinstance(kind, DType):
        return dtype is kind
    if kind not in _KINDS:
        raise ValueError(f"isdtype: no kind {kind!r}; there are {', '.join(_KINDS)}")
    return dtype.kind in _KINDS[kind]


def dtype_of(type: DType | Array) -> DType:  # noqa: A002 (as finfo has it)
    """The type itself, or that of an array."""
    if isinstance(type, DType):
        return type
    if isinstance(type, Array):
        return type.dtype
    raise TypeError(f"expected a data type or an array, not {type!r}")


def promoted(first: DType, second: DType) -> DType:
    """The smallest type that holds the values of both."""
    return DTYPES[native.array_promote(first.code, second.code)]


def can_cast(from_: DType | Array, to: DType, /) -> bool:
    """Whether promotion leads from one type to the other."""
    start = dtype_of(from_)
    return _EXACT_SIZES[start.kind] <= _EXACT_SIZES[to.kind] and promoted(start, to) is to


def result_type(*arrays_and_dtypes: DType | Array | complex) -> DType:
    """The type of what an operation on all of these returns; Python numbers take on the type beside them."""
    strong = [dtype_of(one) for one in arrays_and_dtypes if isinstance(one, DType | Array)]
    if not strong:
        raise ValueError("result_type: expected an array or a data type among the arguments")
    result = strong[0]
    for one in strong[1:]:
        result = promoted(result, one)
    for number in arrays_and_dtypes:
        if not isinstance(number, DType | Array):
            result = beside(result, number)
    return result


def beside(dtype: DType, number: complex) -> DType:
    """The type that a Python number takes on beside an array of ``dtype``."""
    if isinstance(number, bool):
        return dtype
    if isinstance(number, int):
        return int64 if dtype is bool_ else dtype
    if isinstance(number, float):
        return float64 if dtype.kind in "biu" else dtype
    if not isinstance(number, complex):
        raise TypeError(f"expected a number, an array or a data type, not {number!r}")
    if dtype.kind == "c":
        return dtype
    return complex64 if dtype in {float16, bfloat16, float32} else complex128


def inferred(items: Iterable[complex]) -> DType:
    """The type of a list of Python numbers."""
    kinds = {type(item) for item in items}
    if complex in kinds or any(issubclass(kind, complex) for kind in kinds):
        return complex128
    if not kinds or any(issubclass(kind, float) for kind in kinds):
        return float64
    if kinds <= {bool}:
        return bool_
    largest = max((item for item in items if isinstance(item, int)), default=0)
    return uint64 if largest > 2**63 - 1 else int64
