"""What JSON parsers let pass and a record does not: byte-order marks, wrong encoding, duplicate keys.

The walk over tokens that finds a place runs only after something was found wrong, and over a bounded part.
"""

from __future__ import annotations

import json
import re
from typing import Any

from assay.record.codec.text import Fault, pointer_part

_WALK_BYTES = 4 << 20
_TOKEN = re.compile(r'[\s:]*(?:"((?:[^"\\]|\\.)*+)"|([{}\[\],])|[^\s"{}\[\],:]+)')


class _DuplicateError(ValueError):
    """An object has one key twice."""


def unreadable(data: bytes) -> Fault | None:
    """The fault in the bytes themselves."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return Fault(what="the document begins with a byte-order mark", remedy="save it as UTF-8 without one")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}: {error.reason}"
        return Fault(what=what, pointer=place_of(data, error.start), remedy="save it as UTF-8")
    return None


def duplicate_key(data: bytes) -> Fault | None:
    """The first key that stands twice in one object, at any level of a well-formed document."""
    try:
        json.loads(data, object_pairs_hook=_refuse_duplicates, parse_float=_ignored, parse_int=_ignored)
    except _DuplicateError as error:
        pointer = _walk(data[:_WALK_BYTES].decode("utf-8", "replace"), until_duplicate=True)
        return Fault(what=f"the key {error} stands twice in one object", pointer=pointer)
    except (ValueError, RecursionError) as error:
        return Fault(what=str(error))
    return None


def place_of(data: bytes, offset: int) -> str:
    """JSON pointer of the innermost place that the byte at ``offset`` belongs to."""
    if offset > _WALK_BYTES:
        return ""
    return _walk(data[:offset].decode("utf-8", "replace"), until_duplicate=False)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        seen: set[str] = set()
        raise _DuplicateError(next(repr(key) for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


def _ignored(_text: str) -> None:
    return None


class _Frame:
    """One open object or array: the key or index at which the walk stands."""

    def __init__(self, *, is_object: bool) -> None:
        self.is_object = is_object
        self.keys: set[str] = set()
        self.key = ""
        self.index = 0
        self.expects_key = is_object

    def part(self) -> str:
        return pointer_part(self.key) if self.is_object else str(self.index)

    def take_key(self, key: str) -> bool:
        """Stand at ``key``; whether it is a duplicate."""
        self.key, self.expects_key = key, False
        known = key in self.keys
        self.keys.add(key)
        return known


def _walk(text: str, *, until_duplicate: bool) -> str:
    frames: list[_Frame] = []
    for token in _TOKEN.finditer(text):
        key, sign = token.group(1), token.group(2)
        if sign is not None:
            _step(frames, sign)
        elif key is not None and frames and frames[-1].expects_key:
            known = frames[-1].take_key(_unquoted(key))
            if known and until_duplicate:
                break
    return "".join(f"/{frame.part()}" for frame in frames if frame.key or not frame.is_object)


def _step(frames: list[_Frame], sign: str) -> None:
    if sign in "{[":
        frames.append(_Frame(is_object=sign == "{"))
    elif sign == "," and frames:
        frames[-1].index += 1
        frames[-1].expects_key = frames[-1].is_object
    elif sign in "}]" and frames:
        frames.pop()


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
