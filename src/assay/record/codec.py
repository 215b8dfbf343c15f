"""Run <-> bytes: strict in both directions, so that nothing invalid is ever written or believed."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from assay.errors import RecordError
from assay.record.run import Run
from assay.record.schema import published_schema

_DECODER = msgspec.json.Decoder(Run)


def encode_run(run: Run) -> bytes:
    """The bytes of ``run.json``, checked by reading them back."""
    data = msgspec.json.encode(run) + b"\n"
    if decode_run(data, where="run.json") != run:
        raise RecordError("the record does not survive writing and reading", where="run.json", remedy="report this")
    return data


def decode_run(data: bytes, where: str) -> Run:
    """The run in ``data``; ``where`` names its file in errors."""
    try:
        run = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise RecordError(str(error), where=where, remedy="restore the file or remove the run") from error
    _check_against_schema(data, where)
    return run


def _check_against_schema(data: bytes, where: str) -> None:
    document = msgspec.json.decode(data)
    for error in _validator().iter_errors(document):
        raise RecordError(error.message, where=where, remedy="restore the file or remove the run")


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(published_schema())
