from __future__ import annotations

import random
from typing import Any

import pytest

from assay.observe.functions.plain import NotPlainError, read_plain
from tests.observe.functions.marshalled import marshalled

VALUES: list[Any] = [
    *(None, 0, -1, 2**31 - 1, -(2**31), 2**31, -(2**40), 10**30, 0.0, -2.5, 1e300),
    *("", "name", "a" * 300, "straße €", "\ud800", ()),
    ("file.py", 7, "work"),
    {("a.py", 1, "f"): (1, 2, 0.5, 0.25, {("b.py", 2, "g"): (1, 1, 0.0, 0.0)})},
    {f"key {number}": number for number in range(300)},
]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_plain_values_are_read_as_the_interpreter_wrote_them(version: int) -> None:
    assert read_plain(marshalled(repr(tuple(VALUES)), version)) == tuple(VALUES)
    assert read_plain(marshalled("(lambda part: (part, part))(('the same', 1.5))", version)) == (("the same", 1.5),) * 2


@pytest.mark.parametrize("expression", ["(lambda: 1).__code__", "[1]", "{1}", "b'bytes'", "1j", "True", "..."])
def test_everything_else_is_refused(expression: str) -> None:
    with pytest.raises(NotPlainError):
        read_plain(marshalled(expression))


@pytest.mark.parametrize(
    "data", [b"", b"(\xff\xff\xff\x7f", b"r\x00\x00\x00\x00", b"{" * 100, b"{{00", b"a\xff\xff\xff\xff"]
)
def test_what_is_damaged_on_purpose_is_refused_at_once(data: bytes) -> None:
    with pytest.raises(NotPlainError):
        read_plain(data)


def test_a_damaged_file_is_read_or_refused_and_nothing_else_happens() -> None:
    source = random.Random(5)
    sound = marshalled(repr(VALUES[-2]))
    refused = sum(_is_refused(_damaged(sound, source)) for _ in range(500))
    assert 0 < refused < 500


def _damaged(sound: bytes, source: random.Random) -> bytes:
    damaged = bytearray(sound)
    damaged[source.randrange(len(damaged))] = source.randrange(256)
    return bytes(damaged)


def _is_refused(data: bytes) -> bool:
    try:
        read_plain(data)
    except NotPlainError:
        return True
    return False
