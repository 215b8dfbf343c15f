"""Run ids: ULIDs, 48 bits of milliseconds and 80 random bits, so that names sort by time of creation."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_BITS, _RANDOM_BITS = 48, 80
RANDOM_BYTES = _RANDOM_BITS // 8


def new_ulid(now_ms: int | None = None) -> str:
    """A fresh id; ``now_ms`` sets its time part."""
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    return ulid_of(milliseconds, os.urandom(RANDOM_BYTES))


def ulid_of(milliseconds: int, random: bytes) -> str:
    """The id of that time with these bytes in place of chance, for ids that must come out the same again."""
    number = (milliseconds % (1 << _TIME_BITS)) << _RANDOM_BITS | int.from_bytes(random[:RANDOM_BYTES], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def created_ms(ulid: str) -> int:
    """Milliseconds since 1970 in an id."""
    number = 0
    for letter in ulid:
        number = number << 5 | _ALPHABET.index(letter)
    return number >> _RANDOM_BITS
