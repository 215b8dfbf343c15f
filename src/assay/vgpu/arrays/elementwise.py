"""Functions of one, two or three arrays, element by element."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from assay.vgpu.arrays.dtypes import complex64, float32, float64, result_type
from assay.vgpu.arrays.native import PRESENT, Array, native

_Function = TypeVar("_Function", bound=Callable[..., Array])

Operand = Array | complex
UnaryFunction = Callable[[Array], Array]
BinaryFunction = Callable[[Operand, Operand], Array]

_UNARY = {name: code for code, name in enumerate(native.array_unary_names())} if PRESENT else {}
_BINARY = {name: code for code, name in enumerate(native.array_binary_names())} if PRESENT else {}


def _unary(name: str, documentation: str) -> UnaryFunction:
    code = _UNARY.get(name, 0)

    def function(x: Array, /) -> Array:
        return native.array_unary(code, x)

    return _named(function, name, documentation)


def _binary(name: str, documentation: str) -> BinaryFunction:
    code = _BINARY.get(name, 0)

    def function(x1: Operand, x2: Operand, /) -> Array:
        return native.array_binary(code, x1, x2)

    return _named(function, name, documentation)


def _named(function: _Function, name: str, documentation: str) -> _Function:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = documentation
    return function


abs = _unary("abs", "The size of each element: its distance from zero.")  # noqa: A001 (the standard's name)
acos = _unary("acos", "The inverse cosine.")
acosh = _unary("acosh", "The inverse hyperbolic cosine.")
asin = _unary("asin", "The inverse sine.")
asinh = _unary("asinh", "The inverse hyperbolic sine.")
atan = _unary("atan", "The inverse tangent.")
atanh = _unary("atanh", "The inverse hyperbolic tangent.")
bitwise_invert = _unary("bitwise_invert", "Every bit flipped; for bools, not.")
ceil = _unary("ceil", "The smallest whole number that is not less.")
conj = _unary("conj", "The complex conjugate.")
cos = _unary("cos", "The cosine.")
cosh = _unary("cosh", "The hyperbolic cosine.")
exp = _unary("exp", "e to the power of each element.")
expm1 = _unary("expm1", "exp(x) - 1, exact near zero.")
floor = _unary("floor", "The largest whole number that is not greater.")
isfinite = _unary("isfinite", "Whether each element is neither infinite nor NaN.")
isinf = _unary("isinf", "Whether each element is infinite.")
isnan = _unary("isnan", "Whether each element is NaN.")
log = _unary("log", "The natural logarithm.")
log10 = _unary("log10", "The logarithm to base 10.")
log1p = _unary("log1p", "log(1 + x), exact near zero.")
log2 = _unary("log2", "The logarithm to base 2.")
logical_not = _unary("logical_not", "Whether each element is false or zero.")
negative = _unary("negative", "Each element with its sign changed.")
reciprocal = _unary("reciprocal", "One divided by each element.")
round = _unary("round", "The nearest whole number, the even one of two.")  # noqa: A001 (the standard's name)
sign = _unary("sign", "-1, 0 or 1; for complex numbers, the number divided by its size.")
signbit = _unary("signbit", "Whether the sign bit is set: true for -0.0 too.")
sin = _unary("sin", "The sine.")
sinh = _unary("sinh", "The hyperbolic sine.")
sqrt = _unary("sqrt", "The square root.")
square = _unary("square", "Each element times itself.")
tan = _unary("tan", "The tangent.")
tanh = _unary("tanh", "The hyperbolic tangent.")
trunc = _unary("trunc", "Each element without its fraction.")

add = _binary("add", "The sum.")
atan2 = _binary("atan2", "The angle of the point (x2, x1), with its quadrant.")
bitwise_and = _binary("bitwise_and", "The bits that both have.")
bitwise_left_shift = _binary("bitwise_left_shift", "x1 with its bits moved up by x2.")
bitwise_or = _binary("bitwise_or", "The bits that either has.")
bitwise_right_shift = _binary("bitwise_right_shift", "x1 with its bits moved down by x2, keeping the sign.")
bitwise_xor = _binary("bitwise_xor", "The bits that only one has.")
copysign = _binary("copysign", "The size of x1 with the sign of x2.")
divide = _binary("divide", "The quotient; of integers, in fp64.")
equal = _binary("equal", "Whether the elements are equal.")
floor_divide = _binary("floor_divide", "The quotient, rounded down.")
greater = _binary("greater", "Whether x1 is greater.")
greater_equal = _binary("greater_equal", "Whether x1 is not less.")
hypot = _binary("hypot", "The length of the vector (x1, x2).")
less = _binary("less", "Whether x1 is less.")
less_equal = _binary("less_equal", "Whether x1 is not greater.")
logaddexp = _binary("logaddexp", "log(exp(x1) + exp(x2)) without overflow.")
logical_and = _binary("logical_and", "Whether both are true.")
logical_or = _binary("logical_or", "Whether either is true.")
logical_xor = _binary("logical_xor", "Whether only one is true.")
maximum = _binary("maximum", "The greater one; NaN where either is.")
minimum = _binary("minimum", "The lesser one; NaN where either is.")
multiply = _binary("multiply", "The product.")
nextafter = _binary("nextafter", "The next number after x1 in the direction of x2.")
not_equal = _binary("not_equal", "Whether the elements differ.")
pow = _binary("pow", "x1 to the power of x2.")  # noqa: A001 (the standard's name)
remainder = _binary("remainder", "What x1 is more than x2 times their floor_divide; it has the sign of x2.")
subtract = _binary("subtract", "The difference.")


def positive(x: Array, /) -> Array:
    """Each element as it is, in new memory."""
    return +x


def real(x: Array, /) -> Array:
    """The real parts, as a view of the same memory."""
    return _component(x, 0) if x.dtype.kind == "c" else x


def imag(x: Array, /) -> Array:
    """The imaginary parts, as a view of the same memory."""
    if x.dtype.kind != "c":
        raise TypeError(f"imag: not defined for elements of type {x.dtype.name}; only complex ones have two parts")
    return _component(x, x.itemsize // 2)


def _component(x: Array, offset: int) -> Array:
    part = float32 if x.dtype is complex64 else float64
    return native.array_view(x, offset, x.shape, x.strides, part.code)


def clip(
    x: Array,
    /,
    min: float | Array | None = None,  # noqa: A002 (the standard's name)
    max: float | Array | None = None,  # noqa: A002 (the standard's name)
) -> Array:
    """The elements brought up to ``min`` and down to ``max``, in the type of ``x``."""
    result = x
    for bound, operation in ((min, maximum), (max, minimum)):
        if bound is not None:
            result = operation(result, bound)
    if min is None and max is None:
        return native.array_copy(x, x.dtype.code)
    return result if result.dtype is x.dtype else native.array_copy(result, x.dtype.code)


def where(condition: Array, x1: Operand, x2: Operand, /) -> Array:
    """``x1`` where the condition is true, else ``x2``."""
    wanted = result_type(x1, x2) if _has_array(x1, x2) else result_type(float64, x1, x2)
    chosen = [_as(operand, wanted.code) for operand in (x1, x2)]
    return native.array_where(condition, *chosen)


def _has_array(*operands: Operand) -> bool:
    return any(isinstance(operand, Array) for operand in operands)


def _as(operand: Operand, code: int) -> Array:
    if not isinstance(operand, Array):
        return native.array_full(code, (), operand)
    return operand if operand.dtype.code == code else native.array_copy(operand, code)


__all__ = [
    "abs",
    "acos",
    "acosh",
    "add",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bitwise_and",
    "bitwise_invert",
    "bitwise_left_shift",
    "bitwise_or",
    "bitwise_right_shift",
    "bitwise_xor",
    "ceil",
    "clip",
    "conj",
    "copysign",
    "cos",
    "cosh",
    "divide",
    "equal",
    "exp",
    "expm1",
    "floor",
    "floor_divide",
    "greater",
    "greater_equal",
    "hypot",
    "imag",
    "isfinite",
    "isinf",
    "isnan",
    "less",
    "less_equal",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "nextafter",
    "not_equal",
    "positive",
    "pow",
    "real",
    "reciprocal",
    "remainder",
    "round",
    "sign",
    "signbit",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "tanh",
    "trunc",
    "where",
]  # fmt: skip
