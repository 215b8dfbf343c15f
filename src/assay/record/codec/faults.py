"""What is wrong with a document, said in one line that names the file, the place and the remedy."""

from __future__ import annotations

import re
from ast import literal_eval

import msgspec

from assay.errors import RecordError
from assay.record.base import MEANINGS
from assay.record.codec.strictness import place_of
from assay.record.codec.text import Fault, clipped, pointer_part, printable
from assay.record.run import SCHEMA_VERSION

__all__ = ["Fault", "as_error", "explain"]

_WHERE_CHARACTERS, _POINTER_CHARACTERS, _WHAT_CHARACTERS = 120, 120, 130
_REMEDY = "correct it there or restore the file"
_AT_PATH = re.compile(r" - at `\$([^`]*)`$")
_AT_POINTER = re.compile(r", at (/\S*)$")
_NAMED_FIELD = re.compile(r"^Object (?:missing required|contains unknown) field `(.*)`$", re.DOTALL)
_BYTE = re.compile(r" \(byte (\d+)\)$")


class _Head(msgspec.Struct):
    """As much of a document as tells its version."""

    schema_version: str | None = None


def as_error(fault: Fault, where: str) -> RecordError:
    """The error for users: at most 500 characters, no control characters, file and JSON pointer first."""
    file = clipped(printable(where), _WHERE_CHARACTERS, keep_end=True)
    pointer = clipped(printable(fault.pointer or "/"), _POINTER_CHARACTERS)
    what = clipped(printable(fault.what), _WHAT_CHARACTERS)
    return RecordError(what, where=f"{file}#{pointer}", remedy=fault.remedy or _REMEDY)


def explain(error: Exception, data: bytes) -> Fault:
    """The fault behind an error of the decoder."""
    if isinstance(error, msgspec.ValidationError):
        return _other_version(data) or _invalid(str(error))
    if isinstance(error, RecursionError):
        return Fault(what="nested deeper than any record")
    found = _BYTE.search(str(error))
    offset = int(found.group(1)) if found else len(data)
    what = _BYTE.sub("", str(error)).replace("Input data was truncated", "the document ends too early")
    line, pointer = data.count(b"\n", 0, offset) + 1, place_of(data, offset)
    return Fault(what=f"{_lower(what)} (line {line}, byte {offset})", pointer=pointer)


def _invalid(message: str) -> Fault:
    at = _AT_PATH.search(message)
    path = at.group(1) if at else ""
    what = message[: at.start()] if at else message
    pointer = "".join(f"/{part}" for part in re.findall(r"[^.\[\]]+", path))
    if own := _AT_POINTER.search(what):
        return Fault(what=what[: own.start()], pointer=pointer + own.group(1))
    if named := _NAMED_FIELD.match(what):
        missing = what.startswith("Object missing")
        what = "a required field is missing" if missing else "there is no such field"
        return Fault(what=what, pointer=f"{pointer}/{pointer_part(named.group(1))}")
    return Fault(what=_lower(_in_words(what).replace("`", "")), pointer=pointer)


def _in_words(what: str) -> str:
    pattern = what.partition(" matching regex ")[2]
    return f"expected {MEANINGS[literal_eval(pattern)]}" if pattern else what


def _other_version(data: bytes) -> Fault | None:
    try:
        version = msgspec.json.decode(data, type=_Head).schema_version
    except (msgspec.MsgspecError, RecursionError):
        return None
    if version is None or version == SCHEMA_VERSION:
        return None
    what = f"format {clipped(version, 40)!r} is not {SCHEMA_VERSION}, which this Assay reads"
    older = re.fullmatch(r"[12](\.\d{1,9}){0,2}", version) is not None
    remedy = "bring it up to date with `assay runs migrate`" if older else "read it with a newer Assay"
    return Fault(what=what, pointer="/schema_version", remedy=remedy)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if not text.startswith("JSON") else text
