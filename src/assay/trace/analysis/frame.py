"""A batch of events as plain arrays: names as numbers of one table for the whole trace, gaps as numbers below zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.errors import RecordError
from assay.record.base import one_line
from assay.record.trace.columns import SELF_NS
from assay.record.trace.lines import REQUEST

Integers = npt.NDArray[np.int64]

NONE = -1
NOT_READ = np.iinfo(np.int64).min
"""Stands for off-CPU time that was not read, since a small one may lie below zero."""

_MOST_NAMES = 1 << 14
_NAMES = ("step", "phase", "op", "device")
_NUMBERS = ("layer", "token", "invocation", "sequence", "tokens", "flops", "read_bytes", "written_bytes", "kv_bytes")


class NameTable:
    """Every name that occurred, numbered in order of appearance."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.texts: list[str] = []

    def code(self, text: str) -> int:
        """The number of a name."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = len(self.texts)
            self.texts.append(text)
            if found >= _MOST_NAMES:
                remedy = "keep names of nodes in the column kernel"
                raise RecordError(f"the trace has more than {_MOST_NAMES:,} names of steps", remedy=remedy)
        return found

    def codes(self, column: pa.DictionaryArray) -> Integers:
        """Numbers of a column, ``NONE`` for gaps."""
        indices = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        used = np.unique(indices[indices >= 0])
        own = np.full(len(column.dictionary) + 1, NONE, np.int64)
        for index in used.tolist():
            own[index] = self.code(one_line(column.dictionary[index].as_py()))
        codes: Integers = own[indices]
        return codes

    def text(self, code: int) -> str | None:
        """The name of a number."""
        return None if code == NONE else self.texts[code]


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Events of one batch, one array a column."""

    step: Integers
    phase: Integers
    op: Integers
    device: Integers
    layer: Integers
    token: Integers
    invocation: Integers
    sequence: Integers
    tokens: Integers
    thread: Integers
    flops: Integers
    read_bytes: Integers
    written_bytes: Integers
    kv_bytes: Integers
    start_ns: Integers
    wall_ns: Integers
    self_ns: Integers
    off_cpu_ns: Integers
    is_request: npt.NDArray[np.bool_]
    is_divided: npt.NDArray[np.bool_]
    """Whether its wall time is stated to be no measurement."""

    def __len__(self) -> int:
        """How many events."""
        return len(self.start_ns)

    @property
    def end_ns(self) -> Integers:
        """Ends."""
        return self.start_ns + self.wall_ns

    @property
    def is_step(self) -> npt.NDArray[np.bool_]:
        """Whether it is a whole step, neither a part of one nor a request."""
        whole: npt.NDArray[np.bool_] = (self.op == NONE) & ~self.is_request
        return whole


def frame_of(batch: pa.RecordBatch, names: NameTable) -> Frame:
    """The batch's columns as arrays."""
    coded = {name: names.codes(batch.column(name)) for name in _NAMES}
    numbers = {name: _numbers(batch.column(name), NONE) for name in (*_NUMBERS, "thread")}
    wall_ns = _numbers(batch.column("wall_ns"), 0)
    origin = batch.column("origin")
    divided = pc.fill_null(pc.not_equal(origin.cast(pa.string()), "measured"), False)  # noqa: FBT003 -- positional only
    return Frame(
        **coded,
        **numbers,
        start_ns=_numbers(batch.column("start_ns"), 0),
        wall_ns=wall_ns,
        self_ns=_numbers(batch.column(SELF_NS), 0) if SELF_NS in batch.schema.names else wall_ns,
        off_cpu_ns=_numbers(batch.column("off_cpu_ns"), NOT_READ),
        is_request=coded["step"] == names.code(REQUEST),
        is_divided=divided.to_numpy(zero_copy_only=False),
    )


def _numbers(column: pa.Array, missing: int) -> Integers:
    filled = column.cast(pa.int64())
    filled = filled.fill_null(missing) if filled.null_count else filled
    numbers: Integers = filled.to_numpy(zero_copy_only=False)
    return numbers
