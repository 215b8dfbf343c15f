"""``assay schema``: every published format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, json_text, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.errors import UsageError
from assay.record.documents import DOCUMENTS, Format, Schemas, SeriesColumn, SeriesSchema, document_schema, meaning_of
from assay.record.enums import SeriesKind
from assay.record.schema import published_schema
from assay.record.trace.lines import trace_schema
from assay.settings import closest

_FORMATS = (Column(heading="NAME"), Column(heading="KIND"), Column(heading="DESCRIBES", least=20, folds=True))
_COLUMNS = (
    Column(heading="COLUMN"),
    Column(heading="TYPE", least=12),
    Column(heading="NULL"),
    Column(heading="MEANING", least=20, folds=True),
)
_SERIES = {
    SeriesKind.SPANS: "Timed spans, spans/*.parquet of a run",
    SeriesKind.SAMPLES: "Readings of sensors over time, samples.parquet of a run",
    SeriesKind.HISTOGRAMS: "Mergeable histograms per step and layer, hist.parquet of a run",
}


_RECORDS: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "run": (published_schema, "The run record, run.json of every run"),
    "trace.file": (trace_schema, "One line of a trace, the header and what follows it"),
}


@command(examples=["assay schema", "assay schema run -o run.schema.json", "assay schema runs.list"])
@click.argument("name", required=False)
@output_options
def schema(session: Session, name: str | None, output: Output) -> None:
    """Print the schema of NAME, or list every format that has one.

    A record or document has a JSON Schema (draft 2020-12); a series has a table of its Arrow columns.
    """
    if name is None:
        formats = published_formats()
        rows = [(item.name, item.kind, item.meaning.replace("``", "`")) for item in formats]
        answer = Answer(
            document=Schemas(formats=formats),
            lines=lambda width: table_lines(_FORMATS, rows, width),
            rows=formats,
            row_type=Format,
        )
    elif name in list(SeriesKind):
        answer = _series_answer(series_schema(SeriesKind(name)))
    elif name in _RECORDS or name in DOCUMENTS:
        made = _RECORDS[name][0]() if name in _RECORDS else document_schema(name)
        answer = Answer(document=made, lines=lambda _width: json_text(made).splitlines())
    else:
        raise _unknown(name)
    emit(session, answer, output)


def published_formats() -> tuple[Format, ...]:
    """Every format: the record, its series, and the documents of ``--json``."""
    records = (Format(name=name, kind="record", meaning=meaning) for name, (_, meaning) in _RECORDS.items())
    series = (Format(name=kind.value, kind="series", meaning=meaning) for kind, meaning in _SERIES.items())
    documents = (Format(name=name, kind="document", meaning=meaning_of(name)) for name in DOCUMENTS)
    return (*records, *series, *documents)


def series_schema(kind: SeriesKind) -> SeriesSchema:
    """The columns of a series, from the Arrow schema that is written; loads pyarrow."""
    from assay.record.arrow import SCHEMAS, VERSIONS

    columns = tuple(
        SeriesColumn(
            name=field.name,
            type=str(field.type),
            nullable=field.nullable,
            meaning=(field.metadata or {}).get(b"meaning", b"").decode("utf-8"),
        )
        for field in SCHEMAS[kind]
    )
    return SeriesSchema(kind=kind, schema_version=VERSIONS[kind], columns=columns)


def _series_answer(found: SeriesSchema) -> Answer:
    def lines(width: int | None) -> Sequence[Line]:
        rows = [(c.name, _short(c.type), "may be" if c.nullable else "never", c.meaning) for c in found.columns]
        title = Styled(f"{found.kind.value}, schema version {found.schema_version}", "bold")
        return [title, *table_lines(_COLUMNS, rows, width)]

    return Answer(document=found, lines=lines, rows=found.columns, row_type=SeriesColumn)


def _short(arrow_type: str) -> str:
    """Dictionaries by what they hold: the width of their indices concerns readers of files only."""
    return "string (dictionary)" if arrow_type.startswith("dictionary<values=string") else arrow_type


def _unknown(name: str) -> UsageError:
    near = closest(name, [*_RECORDS, *SeriesKind, *DOCUMENTS])
    remedy = f"did you mean {near!r}?" if near else "`assay schema` lists all"
    return UsageError(f"there is no format {name!r}", where="schema", remedy=remedy)
