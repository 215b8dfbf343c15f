"""In which forms a trace is told: text, a document, files for people, and files for other tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assay.cli.command import gathered
from assay.cli.emit import Answer, Output, emit, json_option, write_file
from assay.cli.session import Session
from assay.record.documents.inference.trace import TraceReport

if TYPE_CHECKING:
    from assay.trace.source import Trace

Function = TypeVar("Function", bound=Callable[..., Any])

_HELP = (
    "Write to FILE instead; .html, .md, .json, .csv or .txt chooses the format; .perfetto.json, .speedscope.json and "
    ".otlp.jsonl (OpenTelemetry) take the events to other tools. May be repeated."
)
_FILES = click.option("-o", "--output", "outputs", multiple=True, metavar="FILE", help=_HELP)


def trace_output_options(function: Function) -> Function:
    """``--json`` and ``-o FILE``, as the command's argument ``output``."""
    return gathered("output", Output, json_option, _FILES)(function)


def give_trace(session: Session, trace: Trace, report: TraceReport, answer: Answer, output: Output) -> None:
    """Make every file before the first is written, then give the answer as any other command does."""
    made = {name: content for name in output.outputs if (content := _content(name, trace, report)) is not None}
    for name, content in made.items():
        write_file(Path(name), content)
        session.console.note(f"written: {name}")
    rest = tuple(name for name in output.outputs if name not in made)
    if rest or output.as_json or not made:
        emit(session, answer, Output(as_json=output.as_json, outputs=rest))


def _content(name: str, trace: Trace, report: TraceReport) -> str | bytes | None:
    """What an own format of traces makes; None for the formats of every answer."""
    from assay.report.tracing import html, markdown
    from assay.report.tracing.export import nested, trace_export_for

    export = trace_export_for(name)
    if export is not None:
        return b"".join(export.render(nested(trace, name)))
    pages = {".md": markdown.render, ".markdown": markdown.render, ".html": html.render, ".htm": html.render}
    render = pages.get(PurePath(name).suffix.lower())
    return None if render is None else render(report)
