"""What callers append, in arrays or single values, turned into Arrow arrays of the published schema."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.errors import RecordError
from assay.record.arrow import SCHEMAS
from assay.record.enums import SeriesKind

DEFAULTS: dict[SeriesKind, dict[str, str]] = {
    SeriesKind.SPANS: {"phase": "none", "device": "cpu:0"},
    SeriesKind.SAMPLES: {},
}
"""Values of required columns that may be left out."""

NON_NEGATIVE = frozenset({"layer", "token", "depth", "wall_ns", "flops", "read_bytes", "written_bytes"})


class ColumnEncoder:
    """Encodes rows of one stream: names become numbers in a dictionary that only grows, so that batches share it."""

    def __init__(self, kind: SeriesKind) -> None:
        self.schema = SCHEMAS[kind]
        self._kind = kind
        self._codes: dict[str, dict[str, int]] = {
            field.name: {} for field in self.schema if pa.types.is_dictionary(field.type)
        }

    def encode(self, columns: Mapping[str, Any]) -> list[pa.Array]:
        """One array per column of the schema, names as codes; single values are repeated."""
        given = {**DEFAULTS[self._kind], **columns}
        cpu_ns = given.pop("cpu_ns", None) if self._kind is SeriesKind.SPANS else None
        self._refuse_unknown(given)
        rows = self._count(given)
        arrays = [self._column(field, given.get(field.name), rows) for field in self.schema]
        if cpu_ns is not None:
            self._set_off_cpu(arrays, _numbers(pa.int64(), cpu_ns, rows))
        for field, array in zip(self.schema, arrays, strict=True):
            _check(field, array, self._kind)
        return arrays

    def batch(self, pieces: list[list[pa.Array]]) -> pa.RecordBatch:
        """The encoded pieces, one after another, as one batch with the dictionaries as they stand now."""
        arrays = []
        for field, parts in zip(self.schema, zip(*pieces, strict=True), strict=True):
            column = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
            if field.name in self._codes:
                names = pa.array(list(self._codes[field.name]), pa.string())
                column = pa.DictionaryArray.from_arrays(column, names, safe=False)
            arrays.append(column)
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _column(self, field: pa.Field, value: Any, rows: int) -> pa.Array:
        try:
            if field.name in self._codes:
                return self._names(self._codes[field.name], value, rows)
            return _numbers(field.type, value, rows)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, TypeError) as error:
            raise RecordError(
                f"{self._kind.value} column {field.name!r} does not hold {field.type}: {error}",
                remedy="append numbers of that type, names as text",
            ) from error

    def _names(self, codes: dict[str, int], value: Any, rows: int) -> pa.Array:
        if value is None:
            return pa.nulls(rows, pa.int32())
        if isinstance(value, str):
            return pa.array(np.full(rows, codes.setdefault(value, len(codes)), np.int32))
        array = value if isinstance(value, pa.Array) else pa.array(value, pa.string())
        array = array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
        own = pa.array([codes.setdefault(str(name), len(codes)) for name in array.dictionary.to_pylist()], pa.int32())
        return own.take(array.indices)

    def _set_off_cpu(self, arrays: list[pa.Array], cpu_ns: pa.Array) -> None:
        wall_ns = arrays[self.schema.get_field_index("wall_ns")]
        arrays[self.schema.get_field_index("off_cpu_ns")] = pc.subtract_checked(wall_ns, cpu_ns)

    def _refuse_unknown(self, given: Mapping[str, Any]) -> None:
        for name in given:
            if name not in self.schema.names:
                close = difflib.get_close_matches(name, self.schema.names, n=1)
                remedy = f"did you mean {close[0]!r}?" if close else f"columns are: {', '.join(self.schema.names)}"
                raise RecordError(f"{self._kind.value} have no column {name!r}", remedy=remedy)

    def _count(self, given: Mapping[str, Any]) -> int:
        lengths = {name: len(value) for name, value in given.items() if not is_single(value)}
        if len(set(lengths.values())) > 1:
            stated = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise RecordError(f"columns of unequal length: {stated}", remedy="append arrays of one length")
        return next(iter(lengths.values()), 1)


def is_single(value: Any) -> bool:
    """Whether a value stands for one row, or for all of them."""
    return value is None or isinstance(value, str) or not hasattr(value, "__len__")


def _numbers(kind: pa.DataType, value: Any, rows: int) -> pa.Array:
    if value is None:
        return pa.nulls(rows, kind)
    if is_single(value):
        return pa.repeat(pa.scalar(value).cast(kind), rows)
    array = value if isinstance(value, pa.Array) else pa.array(value)
    return array if array.type == kind else array.cast(kind)


def _check(field: pa.Field, array: pa.Array, kind: SeriesKind) -> None:
    if not field.nullable and array.null_count:
        raise RecordError(f"{kind.value} column {field.name!r} has gaps", remedy="append a value for every row")
    if field.name in NON_NEGATIVE and array.null_count < len(array) and pc.min(array).as_py() < 0:
        raise RecordError(
            f"{kind.value} column {field.name!r} has a negative value", remedy="end minus start, in order"
        )
