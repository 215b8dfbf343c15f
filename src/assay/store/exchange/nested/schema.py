"""Arrow types generated from the record's types, and values that fit them.

A union of records becomes one struct with the fields of all; which are set follows from the tag. A value that may be
text, number or truth becomes a struct of the three.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Any

import msgspec
import pyarrow as pa
from msgspec import inspect

from assay.errors import RecordError
from assay.record.codec import encode_run
from assay.record.run import SCHEMA_VERSION, Run

FILES = "files"
DIGEST = "record_sha256"
"""SHA-256 of the run's run.json: tells that nothing was lost or changed on the way through columns."""
METADATA = {"assay.kind": "run", "assay.schema_version": SCHEMA_VERSION}

_PLAIN: dict[type[inspect.Type], pa.DataType] = {
    inspect.BoolType: pa.bool_(),
    inspect.IntType: pa.int64(),
    inspect.FloatType: pa.float64(),
    inspect.StrType: pa.string(),
    inspect.EnumType: pa.string(),
    inspect.LiteralType: pa.string(),
    inspect.DateTimeType: pa.timestamp("us", tz="UTC"),
}
_SCALARS: dict[str, pa.DataType] = {"text": pa.string(), "number": pa.float64(), "truth": pa.bool_()}
_FILE = pa.struct(
    [pa.field("file", pa.string(), nullable=False), pa.field("content", pa.large_binary(), nullable=False)]
)


def run_columns() -> pa.Schema:
    """The columns of an exported run."""
    beside = [pa.field(DIGEST, pa.string()), pa.field(FILES, pa.list_(_FILE))]
    return pa.schema([*_arrow(inspect.type_info(Run)), *beside], metadata=METADATA)


def record_digest(run: Run) -> str:
    """SHA-256 of the bytes of its run.json."""
    return hashlib.sha256(encode_run(run)).hexdigest()


def to_row(run: Run) -> dict[str, Any]:
    """The run as values of those columns, its files left out."""
    row: dict[str, Any] = _put(inspect.type_info(Run), run)
    return row


def from_row(row: dict[str, Any]) -> Run:
    """The run of those columns; raises ``msgspec.ValidationError`` where they don't make one."""
    return msgspec.convert(_take(inspect.type_info(Run), row), Run)


def _arrow(info: inspect.Type) -> pa.DataType:
    if isinstance(info, inspect.StructType):
        return pa.struct([pa.field(field.encode_name, _arrow(field.type)) for field in info.fields])
    if isinstance(info, inspect.VarTupleType):
        return pa.list_(_arrow(info.item_type))
    kinds = _alternatives(info)
    if len(kinds) == 1:
        return _PLAIN[type(kinds[0])] if kinds[0] is info else _arrow(kinds[0])
    if all(isinstance(kind, inspect.StructType) for kind in kinds):
        return pa.struct(_merged(kinds))
    return pa.struct(list(_SCALARS.items()))


def _merged(kinds: list[Any]) -> list[tuple[str, pa.DataType]]:
    fields = {kinds[0].tag_field: pa.string()}
    for kind in kinds:
        for field in kind.fields:
            if not isinstance(field.type, inspect.NoneType):
                fields.setdefault(field.encode_name, _arrow(field.type))
    return list(fields.items())


def _put(info: inspect.Type, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, msgspec.Struct):
        kind = next(k for k in _alternatives(info) if isinstance(k, inspect.StructType) and k.cls is type(value))
        tag = {kind.tag_field: kind.tag} if kind.tag_field else {}
        return {**tag, **{field.encode_name: _put(field.type, getattr(value, field.name)) for field in kind.fields}}
    if isinstance(value, tuple):
        items = next(kind for kind in _alternatives(info) if isinstance(kind, inspect.VarTupleType))
        return [_put(items.item_type, item) for item in value]
    if len(_alternatives(info)) > 1:
        return {_scalar_name(value): value}
    return value.value if isinstance(value, Enum) else value


def _take(info: inspect.Type, value: Any) -> Any:
    if value is None:
        return None
    kinds = _alternatives(info)
    if len(kinds) > 1 and not isinstance(kinds[0], inspect.StructType):
        return next((item for item in value.values() if item is not None), None)
    if isinstance(value, dict):
        kind = next((k for k in kinds if isinstance(k, inspect.StructType) and _has_tag(k, value)), None)
        if kind is None:
            raise RecordError(f"{value.get(kinds[0].tag_field)!r} is none of the kinds that may stand there")
        tag = {kind.tag_field: kind.tag} if kind.tag_field else {}
        return {**tag, **{field.encode_name: _take(field.type, value.get(field.encode_name)) for field in kind.fields}}
    if isinstance(value, list):
        return [_take(kinds[0].item_type, item) for item in value]
    return value


def _has_tag(kind: inspect.StructType, value: dict[str, Any]) -> bool:
    return kind.tag_field is None or value.get(kind.tag_field) == kind.tag


def _alternatives(info: inspect.Type) -> list[Any]:
    types = info.types if isinstance(info, inspect.UnionType) else (info,)
    return [kind for kind in (_bare(kind) for kind in types) if not isinstance(kind, inspect.NoneType)]


def _bare(info: Any) -> Any:
    return info.type if isinstance(info, inspect.Metadata) else info


def _scalar_name(value: object) -> str:
    if isinstance(value, bool):
        return "truth"
    return "text" if isinstance(value, str) else "number"
