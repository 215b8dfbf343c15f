"""Run <-> bytes: strict in both directions, so that nothing invalid is ever written or believed.

A document is read in four steps, the cheap ones first: its size and encoding, its types and rules, then what JSON
allows and a record does not (duplicate keys), and last the published schema with the ``jsonschema`` library. Depth
needs no bound of its own: the types hold nothing nested deeper than they are, and refuse anything else on sight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from assay.errors import RecordError
from assay.record.codec.agreement import schema_fault
from assay.record.codec.faults import Fault, as_error, explain
from assay.record.codec.strictness import duplicate_key, unreadable
from assay.record.run import RUN_FILE, Run

RUN_BYTES_MAX = 16 << 20
"""Largest ``run.json`` that is read or written; what grows without end belongs into Parquet files."""

RUN_VALUES_MAX = 1_000_000
"""Most values in it, counted by its commas: a list of one-letter names would need far more memory than its bytes."""

__all__ = ["RUN_BYTES_MAX", "RUN_VALUES_MAX", "Fault", "as_error", "decode_run", "encode_run"]

_DECODER = msgspec.json.Decoder(Run)


def encode_run(run: Run) -> bytes:
    """The bytes of ``run.json``, checked by reading them back."""
    try:
        data = msgspec.json.encode(run) + b"\n"
        same = decode_run(data, where="run.json") == run
    except (RecordError, UnicodeEncodeError, msgspec.MsgspecError) as error:
        raise _unwritable(run, error) from error
    if not same:
        raise _unwritable(run, None)
    return data


def decode_run(data: bytes, where: str = RUN_FILE) -> Run:
    """The run in ``data``; ``where`` names its file in errors, which are all one line with a JSON pointer."""
    fault = _too_large(data) or unreadable(data)
    if fault is None:
        try:
            run = _DECODER.decode(data)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise as_error(explain(error, data), where) from error
        fault = duplicate_key(data) or schema_fault(data)
    if fault is not None:
        raise as_error(fault, where)
    return run


def _too_large(data: bytes) -> Fault | None:
    if len(data) > RUN_BYTES_MAX:
        return Fault(what=f"{len(data)} bytes are more than the {RUN_BYTES_MAX} a record may have")
    if (commas := data.count(b",")) > RUN_VALUES_MAX:
        return Fault(what=f"about {commas} values are more than the {RUN_VALUES_MAX} a record may have")
    return None


def _unwritable(run: Run, error: Exception | None) -> RecordError:
    found = next(_without_json(msgspec.to_builtins(run)), None)
    if found is not None:
        return as_error(found, "run.json")
    if isinstance(error, RecordError):
        return error
    what = str(error) if error else "the record does not survive writing and reading"
    return as_error(Fault(what=what, remedy="report this as a defect"), "run.json")


def _without_json(value: object, pointer: str = "") -> Iterator[Fault]:
    """Values that JSON has no form for: NaN, infinities, half surrogate pairs."""
    if isinstance(value, float) and not math.isfinite(value):
        yield Fault(what=f"{value} is not a number", pointer=pointer, remedy="write null with a reason")
    elif isinstance(value, str) and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield Fault(what="the text is not Unicode", pointer=pointer, remedy="escape it first")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    for key, item in items:
        yield from _without_json(item, f"{pointer}/{key}")
