"""Arrow schemas of the tables that lie beside ``run.json``: spans, samples and histograms.

Each file carries ``assay.kind`` and ``assay.schema_version`` in its schema's metadata, and each column its meaning,
so that a file explains itself to any Parquet reader. A new column raises the minor number, any other change the major.
"""

from __future__ import annotations

import pyarrow as pa

from assay.errors import RecordError
from assay.record.enums import SeriesKind

VERSIONS: dict[SeriesKind, str] = {
    SeriesKind.SPANS: "1.0",
    SeriesKind.SAMPLES: "1.0",
    SeriesKind.HISTOGRAMS: "1.0",
}
"""Current version of each schema."""

HISTORY: tuple[tuple[SeriesKind, str, str], ...] = (
    (SeriesKind.SPANS, "1.0", "First version."),
    (SeriesKind.SAMPLES, "1.0", "First version."),
    (SeriesKind.HISTOGRAMS, "1.0", "First version: DDSketch bins of relative error 0.01, one row per cell and bin."),
)
"""Every version of every schema, oldest first, and what it was."""

NAMES = pa.dictionary(pa.int32(), pa.string())
"""Type of a column of few distinct names."""


def _column(name: str, kind: pa.DataType, meaning: str, *, required: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=not required, metadata={"meaning": meaning})


def _schema(kind: SeriesKind, *columns: pa.Field) -> pa.Schema:
    return pa.schema(columns, metadata={"assay.kind": kind.value, "assay.schema_version": VERSIONS[kind]})


SPANS = _schema(
    SeriesKind.SPANS,
    _column("step", NAMES, "Step of the work, for example Attention.", required=True),
    _column("phase", NAMES, "Part of the inference: none, startup, warmup, prefill or decode.", required=True),
    _column("layer", pa.int16(), "Model layer; null outside layers."),
    _column("token", pa.int32(), "Position of the token in its sequence; null where work belongs to no token."),
    _column("op", NAMES, "Operator or node; null where the span is a whole step."),
    _column("kernel", NAMES, "Kernel that ran; null where it is not known."),
    _column("device", NAMES, "Device id of the run record.", required=True),
    _column("thread", pa.int32(), "Operating-system thread, or stream of the device; null where not known."),
    _column("depth", pa.int16(), "Spans of the same thread that enclose this one; null where not counted."),
    _column("start_ns", pa.int64(), "Start on the run's monotonic clock.", required=True),
    _column("wall_ns", pa.int64(), "Wall time from start to end.", required=True),
    _column("off_cpu_ns", pa.int64(), "wall_ns minus CPU time of the thread; null where the CPU clock was not read."),
    _column("flops", pa.int64(), "Arithmetic operations; null where not counted."),
    _column("read_bytes", pa.int64(), "Bytes read; null where not counted."),
    _column("written_bytes", pa.int64(), "Bytes written; null where not counted."),
)
"""One row per timed span. CPU time is ``wall_ns - off_cpu_ns``: of two columns that nearly agree, both are paid for."""

SAMPLES = _schema(
    SeriesKind.SAMPLES,
    _column("time_ns", pa.int64(), "When it was read, on the run's monotonic clock.", required=True),
    _column("name", NAMES, "What was read; ends in its unit, for example power_w.", required=True),
    _column("device", NAMES, "Device id of the run record; null for the whole machine."),
    _column("value", pa.float64(), "The reading; null where the sensor failed."),
)
"""One row per reading of a sensor."""

HISTOGRAMS = _schema(
    SeriesKind.HISTOGRAMS,
    _column("phase", NAMES, "Part of the inference.", required=True),
    _column("step", NAMES, "Step of the work.", required=True),
    _column("layer", pa.int16(), "Model layer; null outside layers."),
    _column("device", NAMES, "Device id of the run record.", required=True),
    _column("bin", pa.int16(), "DDSketch key of the durations in this row, -1 for zero.", required=True),
    _column("count", pa.int64(), "Spans in this bin.", required=True),
    _column("total_ns", pa.int64(), "Sum of their wall times, exact.", required=True),
    _column("min_ns", pa.int64(), "Shortest of them.", required=True),
    _column("max_ns", pa.int64(), "Longest of them.", required=True),
)
"""One row per cell and bin: histograms of shards, repeats and hosts merge by adding counts and totals per bin."""

SCHEMAS: dict[SeriesKind, pa.Schema] = {
    SeriesKind.SPANS: SPANS,
    SeriesKind.SAMPLES: SAMPLES,
    SeriesKind.HISTOGRAMS: HISTOGRAMS,
}
"""Current schema of each kind of table."""


def check_schema(found: pa.Schema, kind: SeriesKind, where: str) -> None:
    """Refuse a file whose schema is not the published one of that kind and version."""
    stated = {key: (found.metadata or {}).get(key.encode(), b"").decode("utf-8", "replace") for key in _STATED}
    if stated["assay.kind"] != kind.value:
        raise RecordError(f"this is no table of {kind.value}", where=where, remedy="restore the file or remove the run")
    if stated["assay.schema_version"] != VERSIONS[kind]:
        what = f"{kind.value} of version {stated['assay.schema_version'][:20]!r}, but {VERSIONS[kind]} is read here"
        raise RecordError(what, where=where, remedy="read it with the release of Assay that wrote it")
    if not found.equals(SCHEMAS[kind], check_metadata=False):
        what = f"columns differ from the schema of {kind.value} {VERSIONS[kind]}: {_first_difference(found, kind)}"
        raise RecordError(what, where=where, remedy="restore the file or remove the run")


_STATED = ("assay.kind", "assay.schema_version")


def _first_difference(found: pa.Schema, kind: SeriesKind) -> str:
    for field in SCHEMAS[kind]:
        at = found.get_all_field_indices(field.name)
        if len(at) != 1 or not found.field(at[0]).equals(field):
            return f"{field.name!r}"
    return "there are more columns, or they are in another order"
