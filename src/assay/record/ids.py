"""Run ids: ULIDs, 48 bits of milliseconds and 80 random bits, so that names sort by time of creation."""

from __future__ import annotations

import os
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_BITS, _RANDOM_BITS = 48, 80


def new_ulid(now_ms: int | None = None) -> str:
    """A fresh id; ``now_ms`` sets its time part."""
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    number = (milliseconds % (1 << _TIME_BITS)) << _RANDOM_BITS | int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def created_ms(ulid: str) -> int:
    """Milliseconds since 1970 in an id."""
    number = 0
    for letter in ulid:
        number = number << 5 | _ALPHABET.index(letter)
    return number >> _RANDOM_BITS
