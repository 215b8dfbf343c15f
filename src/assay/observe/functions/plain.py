"""A reader of the interpreter's marshal format for plain values only: nothing in a file can make it run anything.

Python's own reader trusts its input. A profile comes out of the target, so it is read here instead: dictionaries,
tuples, texts and numbers, each bounded by the bytes that are there; every other type is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

_SHARED = 0x80
"""Set in a type's byte where the value is numbered, to be referred to later."""
_DEEPEST = 16
_DIGIT_BITS = 15
_NULL = object()
"""Ends a dictionary."""


class NotPlainError(ValueError):
    """The file is damaged, or holds what a profile never does."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0
        self._depth = 0
        self._shared: list[Any] = []

    def value(self) -> Any:
        kind = self._byte()
        read = _READERS.get(kind & ~_SHARED)
        if read is None or self._depth >= _DEEPEST:
            raise NotPlainError(f"type {kind & ~_SHARED:#x} at byte {self._place - 1}")
        if not kind & _SHARED:
            return self._deeper(read)
        number = len(self._shared)
        self._shared.append(_NULL)  # a value is numbered before its parts are
        self._shared[number] = self._deeper(read)
        return self._shared[number]

    def _deeper(self, read: Callable[[_Reader], Any]) -> Any:
        self._depth += 1
        found = read(self)
        self._depth -= 1
        return found

    def _take(self, size: int) -> bytes:
        if size < 0 or self._place + size > len(self._data):
            raise NotPlainError(f"the file ends inside a value at byte {self._place}")
        self._place += size
        return self._data[self._place - size : self._place]

    def _byte(self) -> int:
        return int(self._take(1)[0])

    def number(self) -> int:
        return int.from_bytes(self._take(4), "little", signed=True)

    def long_number(self) -> int:
        digits = self.number()
        raw: tuple[int, ...] = struct.unpack(f"<{abs(digits)}H", self._take(2 * abs(digits)))
        value = sum(digit << (_DIGIT_BITS * place) for place, digit in enumerate(raw))
        return -value if digits < 0 else value

    def real(self) -> float:
        return float(struct.unpack("<d", self._take(8))[0])

    def text(self) -> str:
        return self._take(self.number()).decode("utf-8", "surrogatepass")

    def ascii(self) -> str:
        return self._take(self.number()).decode("latin-1")

    def short_ascii(self) -> str:
        return self._take(self._byte()).decode("latin-1")

    def sequence(self) -> tuple[Any, ...]:
        return self._values(self.number())

    def short_sequence(self) -> tuple[Any, ...]:
        return self._values(self._byte())

    def mapping(self) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        while (key := self.value()) is not _NULL:
            found[key] = self.value()
        return found

    def reference(self) -> Any:
        number = self.number()
        if not 0 <= number < len(self._shared) or self._shared[number] is _NULL:
            raise NotPlainError(f"a reference to value {number}, which is not there")
        return self._shared[number]

    def _values(self, count: int) -> tuple[Any, ...]:
        if not 0 <= count <= len(self._data) - self._place:  # each takes a byte at least
            raise NotPlainError(f"a tuple of {count} values at byte {self._place}")
        return tuple(self.value() for _ in range(count))


_READERS: dict[int, Callable[[_Reader], Any]] = {
    ord("0"): lambda _: _NULL,
    ord("N"): lambda _: None,
    ord("i"): _Reader.number,
    ord("l"): _Reader.long_number,
    ord("g"): _Reader.real,
    ord("u"): _Reader.text,
    ord("t"): _Reader.text,
    ord("a"): _Reader.ascii,
    ord("A"): _Reader.ascii,
    ord("z"): _Reader.short_ascii,
    ord("Z"): _Reader.short_ascii,
    ord("("): _Reader.sequence,
    ord(")"): _Reader.short_sequence,
    ord("{"): _Reader.mapping,
    ord("r"): _Reader.reference,
}


def read_plain(data: bytes) -> Any:
    """The value in a file of ``marshal.dump``; ``NotPlainError`` where it is anything but plain values."""
    try:
        return _Reader(data).value()
    except (TypeError, UnicodeDecodeError) as error:  # a key that can't be one, a text that is none
        raise NotPlainError(str(error)) from error
