"""How a command answers: one document, shown as text, printed as JSON, or written to files by their suffix."""

from __future__ import annotations

import csv
import functools
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from assay.cli.command import gathered
from assay.cli.session import Session
from assay.cli.terminal.style import Line, paint
from assay.errors import UsageError
from assay.record.base import Record
from assay.record.words.escape import for_csv, plain_json

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command found."""

    document: Record | Mapping[str, Any]
    """Everything, for machines."""
    lines: Callable[[int | None], Sequence[Line]]
    """The same for people, in at most that many columns; None sets no limit."""
    rows: Sequence[Record] = ()
    """The part of the document that is a table, for CSV."""
    row_type: type[Record] | None = None
    """Type of the rows; None where the answer is no table."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """In which forms the answer is wanted."""

    as_json: bool
    """One JSON document on standard output."""
    outputs: tuple[str, ...]
    """Files, whose suffixes choose the format."""


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document (see `assay schema`).")
"""The option ``--json``."""
_FILES = click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write to FILE instead; .json, .csv or .txt chooses the format; may be repeated.",
)


def output_options(function: Function) -> Function:
    """The options of every command that prints data, ``--json`` and ``-o FILE``, as its argument ``output``."""
    return gathered("output", Output, json_option, _FILES)(function)


def json_output(function: Function) -> Function:
    """The same for commands whose ``-o`` is something else: ``--json`` alone."""

    @functools.wraps(function)
    def call(*args: Any, as_json: bool, **values: Any) -> Any:
        return function(*args, output=Output(as_json=as_json, outputs=()), **values)

    wrapped: Any = json_option(call)
    result: Function = wrapped
    return result


def emit(session: Session, answer: Answer, output: Output) -> None:
    """Give the answer in the forms that were asked for."""
    console = session.console
    written = {name: _in_format(name, answer) for name in output.outputs}
    for name, text in written.items():
        write_file(Path(name), text)
        console.note(f"written: {name}")
    if output.as_json:
        console.json(json_text(answer.document))
    elif not output.outputs:
        console.print(*answer.lines(console.width))


def json_text(document: Record | Mapping[str, Any]) -> str:
    """A document as indented JSON that is safe to show on a terminal."""
    return plain_json(msgspec.json.format(_encoded(document), indent=2).decode("utf-8")) + "\n"


def json_line(document: Record | Mapping[str, Any]) -> str:
    """The same on one line, without a line end."""
    return plain_json(_encoded(document).decode("utf-8"))


def _encoded(document: Record | Mapping[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        return msgspec.json.encode(_in_unicode(msgspec.to_builtins(document)))


def _in_unicode(value: Any) -> Any:
    """The same with bytes of file names that are no UTF-8 written as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {name: _in_unicode(inner) for name, inner in value.items()}
    return [_in_unicode(inner) for inner in value] if isinstance(value, list | tuple) else value


def text_of(answer: Answer) -> str:
    """The answer as plain text."""
    return "".join(f"{paint(line, color=False)}\n" for line in answer.lines(None))


def csv_text(rows: Sequence[Record], row_type: type[Record]) -> str:
    """Rows as CSV; a text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(row_type.__struct_fields__)
    for row in rows:
        writer.writerow([_csv_cell(getattr(row, name)) for name in row_type.__struct_fields__])
    return buffer.getvalue()


def write_file(path: Path, content: str | bytes) -> None:
    """Write a whole file or none; what is no plain file, such as ``/dev/stderr``, is written to."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        reason = error.strerror or "can't be written"
        raise UsageError(reason, where=str(path), remedy="choose another place for -o") from error


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}")
    try:
        part.write_bytes(data)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


_FORMATS: dict[str, Callable[[Answer], str]] = {
    ".json": lambda answer: json_text(answer.document),
    ".csv": lambda answer: csv_text(answer.rows, answer.row_type or Record),
    ".txt": text_of,
}


def _in_format(name: str, answer: Answer) -> str:
    suffix = Path(name).suffix.lower()
    known = [s for s in _FORMATS if s != ".csv" or answer.row_type]
    if suffix not in known:
        raise UsageError(f"no format has the suffix {suffix!r}", where=name, remedy=f"use one of: {', '.join(known)}")
    return _FORMATS[suffix](answer)


def _csv_cell(value: object) -> object:
    if isinstance(value, str):
        return for_csv(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    plain = msgspec.to_builtins(value)
    return plain if isinstance(plain, str) else msgspec.json.encode(plain).decode("utf-8")
