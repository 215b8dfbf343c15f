"""Every conversion and every translation of native/bindings/bind.h; scripts/native-tests builds the module it tests."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import pytest

echo: Any = pytest.importorskip("_bind_test", reason="built by scripts/native-tests")


@pytest.mark.parametrize("value", [0, -1, 2**63 - 1, -(2**63)])
def test_integers_of_64_bits_pass_both_ways(value: int) -> None:
    assert echo.echo_integer(value) == value


@pytest.mark.parametrize("value", [0.0, -1.0, math.inf, 5e-324])
def test_numbers_pass_both_ways(value: float) -> None:
    assert echo.echo_number(value) == value


def test_truth_text_and_bytes_pass() -> None:
    assert echo.echo_truth([0]) is True
    assert echo.echo_truth("") is False
    assert echo.echo_text("µs \0 ⚡") == "µs \0 ⚡"
    assert echo.length(b"12345") == 5


def test_none_and_nested_tuples_come_back() -> None:
    assert echo.half(3.0) == 1.5
    assert echo.half(0.0) is None
    assert echo.pairs(2, "x") == ((0, "x"), (1, "x"))
    assert echo.pairs(0, "x") == ()


class Untrue:
    def __bool__(self) -> bool:
        raise LookupError("no truth here")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: echo.echo_integer(2**63), OverflowError, "too big"),
        (lambda: echo.echo_integer("1"), TypeError, "int"),
        (lambda: echo.echo_number("1"), TypeError, "float|real number"),
        (lambda: echo.echo_truth(Untrue()), LookupError, "no truth here"),
        (lambda: echo.echo_text("\ud800"), UnicodeEncodeError, "surrogates"),
        (lambda: echo.length("text"), TypeError, "bytes-like"),
        (lambda: echo.length(memoryview(b"12345678").cast("d")), TypeError, "length: expected elements of format 'B'"),
        (lambda: echo.pairs(1), TypeError, r"^pairs: takes 2 positional arguments, not 1$"),
        (echo.half, TypeError, r"^half: takes 1 positional argument, not 0$"),
        (echo.broken_text, UnicodeDecodeError, "invalid start byte"),
    ],
)
def test_what_does_not_fit_is_refused(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("function", ["fail", "fail_without_gil"])
@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("usage", ValueError, "bad value"),
        ("unavailable", RuntimeError, "not here"),
        ("memory", MemoryError, "out of memory"),
        ("standard", RuntimeError, "too far"),
        ("anything", RuntimeError, "unknown C++ exception"),
    ],
)
def test_exceptions_are_translated(function: str, kind: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        getattr(echo, function)(kind)
    assert str(caught.value) == f"{function}: {message}"


def test_calls_keep_no_references() -> None:
    text = str(b"a text of its own", "ascii")
    data = bytearray(100)
    before = sys.getrefcount(text), sys.getrefcount(data), sys.getrefcount(None)
    for _ in range(100):
        echo.echo_text(text)
        echo.length(data)
        echo.half(0.0)
        with pytest.raises(TypeError):
            echo.pairs(text, data)
    data.append(1)  # a buffer that was still exported would refuse to grow
    after = sys.getrefcount(text), sys.getrefcount(data), sys.getrefcount(None)
    assert after[:2] == before[:2]
    assert after[2] - before[2] < 50
