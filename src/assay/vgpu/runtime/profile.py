"""The device's counters: one row per launch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.vgpu.runtime.native import native

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = ("kernel", "step")
"""What a row stands for: a kernel, or a step of a graph, which spans its kernels."""

_COLUMNS = (
    ("name", "int32"),
    ("kind", "int32"),
    ("stream", "int32"),
    ("thread", "int32"),
    ("start_ns", "int64"),
    ("end_ns", "int64"),
    ("flops", "int64"),
    ("bytes_read", "int64"),
    ("bytes_written", "int64"),
    ("tier_bytes", "int64"),
    ("occupancy", "double"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Launches:
    """Rows that were drained together, one buffer a column."""

    names: tuple[str, ...]
    """The names that the column ``name`` counts."""
    columns: dict[str, memoryview[Any]] = field(repr=False)
    """By name: ``name`` (an index into :attr:`names`), ``kind`` (into :data:`KINDS`), ``stream``, ``thread``,
    ``start_ns``, ``end_ns``, ``flops``, ``bytes_read``, ``bytes_written``, ``tier_bytes``, ``occupancy`` (NaN where
    unknown)."""

    def __len__(self) -> int:
        """Rows."""
        return len(self.columns["name"])


class Profile:
    """Counters that are on from the start of a ``with`` block to its end."""

    def __init__(self, rows_per_thread: int) -> None:
        self._rows_per_thread = rows_per_thread
        self._drained: list[Launches] = []
        self._on = False
        self.dropped = 0
        """Launches that found no room and have no row."""

    def __enter__(self) -> Profile:
        native.counters_start(self._rows_per_thread)
        self._on = True
        return self

    def __exit__(self, *_: object) -> None:
        native.counters_stop()
        self.drain()
        self._on = False

    def drain(self) -> Launches:
        """Take the rows that were kept since the last time; empty once the profile is over.

        Called now and then, it makes room in a profile of more launches than ``rows_per_thread``.
        """
        if not self._on:
            return Launches(names=(), columns={name: _view(b"", kind) for name, kind in _COLUMNS})
        self.dropped, names, *columns = native.counters_drain()
        views = zip(_COLUMNS, columns, strict=True)
        launches = Launches(names=names, columns={name: _view(data, kind) for (name, kind), data in views})
        self._drained.append(launches)
        return launches

    def launches(self) -> tuple[Launches, ...]:
        """Everything that was drained so far."""
        return tuple(self._drained)

    def table(self) -> pa.Table:
        """Everything that was drained so far as an Arrow table, one row per launch, in the order of their starts.

        Columns: ``name``, ``kind``, ``stream``, ``thread``, ``start_ns``, ``end_ns``, ``flops``, ``bytes_read``,
        ``bytes_written``, ``tier_bytes`` (moved between the tiers of memory meanwhile, whoever moved them),
        ``occupancy`` (busy time of the workers / (workers × time); null where unknown). Needs pyarrow.
        """
        import pyarrow as pa

        types = {"int32": pa.int32(), "int64": pa.int64(), "double": pa.float64()}
        schema = pa.schema(
            [(name, pa.string() if name in {"name", "kind"} else types[kind]) for name, kind in _COLUMNS]
        )
        batches = [_batch(launches, types, schema) for launches in self._drained]
        return pa.Table.from_batches(batches, schema=schema).sort_by("start_ns")


def _view(data: bytes, kind: str) -> memoryview[Any]:
    if kind == "double":
        return memoryview(data).cast("d")
    return memoryview(data).cast("i" if kind == "int32" else "q")


def _batch(launches: Launches, types: dict[str, Any], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = len(launches)
    arrays = {
        name: pa.Array.from_buffers(types[kind], rows, [None, pa.py_buffer(launches.columns[name])])
        for name, kind in _COLUMNS
    }
    arrays["name"] = pa.array(launches.names, pa.string()).take(arrays["name"])
    arrays["kind"] = pa.array(KINDS, pa.string()).take(arrays["kind"])
    occupancy = arrays["occupancy"]
    arrays["occupancy"] = pc.if_else(pc.is_nan(occupancy), pa.scalar(None, pa.float64()), occupancy)
    return pa.record_batch([arrays[name] for name in schema.names], schema=schema)


def profile(rows_per_thread: int = 1 << 20) -> Profile:
    """Count launches: ``with vg.profile() as p: …``, then ``p.table()``.

    At most ``rows_per_thread`` rows that were not drained are kept of each thread; what comes on top is counted in
    ``dropped``. One profile goes on at a time: a second one raises ``ValueError``.
    """
    if rows_per_thread < 1:
        raise ValueError(f"rows_per_thread must be at least 1, not {rows_per_thread}")
    return Profile(rows_per_thread)
