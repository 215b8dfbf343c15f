"""What format 3 has no place for, kept word for word: the source's own text, cut at the largest unknown pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from assay.record.codec.text import pointer_part
from assay.record.run import LEGACY_CHARACTERS, Legacy

_POINTER_CHARACTERS = 1024


def leftovers(data: bytes, used: frozenset[str], within: str) -> tuple[Legacy, ...]:
    """Every part of the document without the numbers at ``used``; of the cycles only the one at ``within``."""
    opened = {ancestor for pointer in (*used, within) for ancestor in _ancestors(pointer)}
    pieces = _pieces(data.decode().strip().encode(), "", used, frozenset(opened))
    if not within:
        return tuple(pieces)
    others = within.rpartition("/")[0] + "/"
    return tuple(p for p in pieces if not p.pointer.startswith(others) or f"{p.pointer}/".startswith(f"{within}/"))


def _ancestors(pointer: str) -> Iterator[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _pieces(text: bytes, pointer: str, used: frozenset[str], opened: frozenset[str]) -> Iterator[Legacy]:
    if pointer in used:
        return
    members = _members(text) if pointer in opened or len(text) > LEGACY_CHARACTERS else None
    if members is None:
        yield Legacy(pointer=pointer, json=text.decode())
        return
    for name, inner in members.items():
        place = f"{pointer}/{name}"
        if len(place) > _POINTER_CHARACTERS or "\0" in place:
            yield Legacy(pointer=pointer, json=f"{{{json.dumps(name)}: {inner.decode()}}}")
        else:
            yield from _pieces(inner, place, used, opened)


def _members(text: bytes) -> dict[str, bytes] | None:
    """The parts of an object or a list as they stand in the text, by their part of a pointer."""
    if text.startswith(b"{"):
        named = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        return {pointer_part(name): bytes(raw) for name, raw in named.items()}
    if text.startswith(b"["):
        listed = msgspec.json.decode(text, type=list[msgspec.Raw])
        return {str(number): bytes(raw) for number, raw in enumerate(listed)}
    return None
