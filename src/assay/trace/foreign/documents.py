"""JSON documents of strangers: bounded in size, decoded strictly into what is asked for, refused in one line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from assay.errors import RecordError
from assay.trace.source import damaged

MOST_BYTES = 512 << 20
"""No larger document is read: it is decoded as a whole, which takes several times its size."""

_CUT = ("truncated", "unexpected end")


def decode_file(path: Path, kind: Any, what: str) -> Any:
    """The document in a file, of that type; ``what`` says what it should be."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        words = f"{what} of {size >> 20:,} MiB; {MOST_BYTES >> 20} MiB are read at most"
        raise RecordError(words, where=str(path), remedy="record fewer runs, or convert it to Assay's own format")
    data = path.read_bytes()
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        text = " ".join(str(error).split())[:160] or type(error).__name__
        if not data.rstrip().endswith((b"]", b"}")) or any(word in text for word in _CUT):
            reason = f"{what} was cut off: its end is missing, so that times would not add up"
            remedy = "end profiling in an orderly way before the process exits, and record it again"
            raise RecordError(reason, where=str(path), remedy=remedy) from error
        raise damaged(str(path), f"not {what}: {text}") from error


def begins_with(head: bytes, pattern: bytes) -> bool:
    """Whether the head of a file holds a pattern; spaces between tokens of JSON are as the pattern says."""
    return re.search(pattern, head) is not None


class Loose(msgspec.Struct):
    """Base of what is read of strangers: fields that are not declared are passed over."""


def number(value: Any, most: float = 9e15) -> float | None:
    """A finite number that is no absurd one; None for anything else."""
    return float(value) if isinstance(value, int | float) and -most <= value <= most else None
